package badproxy

// WSHang swallows the request for an upgrade: the connection stays open and
// nothing ever comes back.
func WSHang() Fault { return On(Hang(), WebSocket) }
