package bcsim

import (
	"encoding/json"
	"slices"
	"strconv"
)

// isoOffset is the date form of V3 metafields, carts and the catalog.
const isoOffset = "2006-01-02T15:04:05-07:00"

// isoZulu is the date form of V3 customers and channels.
const isoZulu = "2006-01-02T15:04:05Z"

type metafield struct {
	ID            int    `json:"id"`
	PermissionSet string `json:"permission_set"`
	Namespace     string `json:"namespace"`
	Key           string `json:"key"`
	Value         string `json:"value"`
	Description   string `json:"description"`
	ResourceType  string `json:"resource_type"`
	ResourceID    int    `json:"resource_id"`
	DateCreated   string `json:"date_created"`
	DateModified  string `json:"date_modified"`
	OwnerClientID string `json:"owner_client_id"`
}

var permissionSets = []string{"app_only", "read", "write", "read_and_sf_access", "write_and_sf_access"}

type metafieldInput struct {
	PermissionSet *string `json:"permission_set"`
	Namespace     *string `json:"namespace"`
	Key           *string `json:"key"`
	Value         *string `json:"value"`
	Description   *string `json:"description"`
}

// visible: app_only metafields belong to the account that made them.
func (c *call) visible(m *metafield) bool {
	return m.PermissionSet != "app_only" || m.OwnerClientID == c.account.ClientID
}

func (c *call) metafield() (*order, *metafield) {
	o := c.order()
	if o == nil {
		return nil, nil
	}
	for i := range o.metas {
		if o.metas[i].ID == c.id(1) && c.visible(&o.metas[i]) {
			return o, &o.metas[i]
		}
	}
	return o, nil
}

func (c *call) listMetafields() reply {
	o := c.order()
	if o == nil {
		return v3NotFound()
	}
	rows := [][]byte{}
	namespace, key := c.query.Get("namespace"), c.query.Get("key")
	for i := range o.metas {
		m := &o.metas[i]
		if c.visible(m) && (namespace == "" || namespace == m.Namespace) && (key == "" || key == m.Key) {
			rows = append(rows, encode(m))
		}
	}
	return c.page(rows)
}

func (c *call) getMetafield() reply {
	_, m := c.metafield()
	if m == nil {
		return v3NotFound()
	}
	return data(m)
}

func (c *call) postMetafield() reply {
	o := c.order()
	if o == nil {
		return v3NotFound()
	}
	var in metafieldInput
	if err := json.Unmarshal(c.body, &in); err != nil {
		return v3Error(400, "JSON data is missing or invalid")
	}
	for name, value := range map[string]*string{
		"permission_set": in.PermissionSet, "namespace": in.Namespace, "key": in.Key, "value": in.Value,
	} {
		if text(value) == "" {
			return unprocessable(problem{name, "error.path.missing."})
		}
	}
	if slices.ContainsFunc(o.metas, func(m metafield) bool { return m.Namespace == *in.Namespace && m.Key == *in.Key }) {
		return v3Error(409, "A metafield with this namespace and key already exists.")
	}
	m := metafield{
		ResourceType: "order", ResourceID: o.body.ID, DateCreated: c.now.Format(isoOffset), OwnerClientID: c.account.ClientID,
	}
	if p := c.fill(&m, in); p != nil {
		return unprocessable(*p)
	}
	c.s.ids.metafield++
	m.ID = c.s.ids.metafield
	o.metas = append(o.metas, m)
	c.fireMetafield(o, &m, "created")
	return data(m)
}

func (c *call) putMetafield() reply {
	o, m := c.metafield()
	if m == nil {
		return v3NotFound()
	}
	var in metafieldInput
	if err := json.Unmarshal(c.body, &in); err != nil {
		return v3Error(400, "JSON data is missing or invalid")
	}
	if p := c.fill(m, in); p != nil {
		return unprocessable(*p)
	}
	c.fireMetafield(o, m, "updated")
	return data(m)
}

func (c *call) fill(m *metafield, in metafieldInput) *problem {
	if in.PermissionSet != nil && !slices.Contains(permissionSets, *in.PermissionSet) {
		return &problem{"permission_set", "permission_set is not one of the allowed values"}
	}
	for target, value := range map[*string]*string{
		&m.PermissionSet: in.PermissionSet, &m.Namespace: in.Namespace, &m.Key: in.Key, &m.Value: in.Value,
		&m.Description: in.Description,
	} {
		if value != nil {
			*target = *value
		}
	}
	m.DateModified = c.now.Format(isoOffset)
	return nil
}

func (c *call) deleteMetafield() reply {
	o, m := c.metafield()
	if m == nil {
		return v3NotFound()
	}
	c.fireMetafield(o, m, "deleted")
	id := m.ID
	o.metas = slices.DeleteFunc(o.metas, func(m metafield) bool { return m.ID == id })
	return noContent()
}

func (c *call) fireMetafield(o *order, m *metafield, name string) {
	c.fire("store/order/metafield/"+name, obj{
		{"metafield_id", m.ID}, {"resource_id", strconv.Itoa(o.body.ID)}, {"namespace", m.Namespace},
	})
}
