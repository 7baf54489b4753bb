package wire

// HookList answers GET /hooks: the incoming webhooks, one's own, or for owner
// and admins all, oldest first.
type HookList struct {
	Hooks []HookInfo `json:"hooks"`
}

// HookInfo is an incoming webhook without its address.
type HookInfo struct {
	ID      string `json:"id"`
	User    string `json:"user"` // the bot
	Name    string `json:"name"` // the bot's
	Room    string `json:"room"`
	Creator string `json:"creator"`
	Created Time   `json:"created"`
}

// WebhookList answers GET /webhooks: the outgoing webhooks of one's own bots, or
// for owner and admins all, oldest first.
type WebhookList struct {
	Webhooks []WebhookInfo `json:"webhooks"`
}

// WebhookInfo is an outgoing webhook without its secret.
type WebhookInfo struct {
	Bot     string         `json:"bot"`
	Name    string         `json:"name"` // the bot's
	URL     string         `json:"url"`
	Creator string         `json:"creator"` // who set it
	Created Time           `json:"created"`
	Status  *WebhookStatus `json:"status,omitempty"` // nil: nothing was to be delivered yet
}

// WebhookStatus is what became of the newest attempt to deliver.
type WebhookStatus struct {
	Time  Time         `json:"time"`
	State WebhookState `json:"state"`
	// Delivery is the id of what was delivered, as in the header Parley-Delivery.
	Delivery string `json:"delivery"`
	Attempts int    `json:"attempts"`         // so far, since the server was started
	Detail   string `json:"detail,omitempty"` // what is wrong, in words
}

// WebhookState says how it went: the part for programs.
type WebhookState string

// The states. What is retried is tried again after some time, what was dropped
// is not.
const (
	WebhookDelivered WebhookState = "delivered"
	WebhookRetrying  WebhookState = "retrying"
	WebhookDropped   WebhookState = "dropped"
)

// Delivery is what an outgoing webhook is told: a message that mentions the bot,
// or that is said in a direct room with it.
type Delivery struct {
	ID      string  `json:"id"` // the same whenever the same is delivered again
	Bot     User    `json:"bot"`
	Room    Room    `json:"room"`
	Author  User    `json:"author"`
	Message Message `json:"message"`
}
