package outbound

// BlockedPort is blockedPort.
func BlockedPort(p uint16, mail bool) bool { return blockedPort(p, mail) }

// BlockedPorts is blockedPorts.
func BlockedPorts() []uint16 { return blockedPorts }
