//go:build !linux

package web

import "net"

// limitUnacked is for systems on which the kernel's own patience must do.
func limitUnacked(net.Conn) {}
