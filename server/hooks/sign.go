package hooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// The headers of a delivery.
const (
	signatureHeader = "Parley-Signature"
	deliveryHeader  = "Parley-Delivery"
)

// sign is the value of Parley-Signature: the time in seconds, and the HMAC-SHA-256
// (RFC 2104) of that time, a dot and the body, in hexadecimal digits.
func sign(secret string, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
