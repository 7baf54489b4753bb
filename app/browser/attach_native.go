//go:build !js

package browser

import (
	"context"
	"errors"

	"parley/app/client"
)

// TakeChosen gives none.
func TakeChosen(string) []File { return nil }

// Attach refuses.
func Attach(context.Context, File) (client.Attachment, error) {
	return client.Attachment{}, errors.ErrUnsupported
}
