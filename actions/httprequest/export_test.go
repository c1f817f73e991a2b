package httprequest

// ProbeAt makes a test of an authentication call base instead of the default port of its host.
func (t *AuthType) ProbeAt(base func(scheme, host string) string) { t.base = base }
