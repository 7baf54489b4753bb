package chat

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"parley/shared/wire"
)

// Cost is what one argon2id hash takes (RFC 9106, section 3.1).
type Cost struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// DefaultCost is the second recommendation of RFC 9106 with one lane, as there
// are more people than cores.
var DefaultCost = Cost{Memory: 64 << 10, Passes: 3, Threads: 1}

const (
	saltBytes = 16
	hashBytes = 32

	// hashesAtOnce bounds the memory that logins can take to 128 MiB: a crowd of
	// strangers with wrong passwords must not push the server out of memory.
	hashesAtOnce = 2
	// maxHashWait is how long a login waits for its turn: past it the person has
	// pressed the button again, and the queue would only grow.
	maxHashWait = 10 * time.Second
)

// Passwords hashes and verifies passwords with argon2id, two at a time. Its
// methods may run concurrently.
type Passwords struct {
	cost  Cost
	slots chan struct{}
}

// shared is what an Env without Passwords uses.
var shared = NewPasswords(DefaultCost)

// NewPasswords makes new hashes at this cost; it verifies hashes of any cost.
func NewPasswords(cost Cost) *Passwords {
	return &Passwords{cost: cost, slots: make(chan struct{}, hashesAtOnce)}
}

// checkPassword refuses passwords that are too short to keep anybody out or
// too long to hash for a stranger.
func checkPassword(password string) error {
	n := utf8.RuneCountInString(norm.NFC.String(password))
	if n < wire.MinPassword || n > wire.MaxPassword {
		return wire.Errorf(wire.CodeBadRequest, "The password must have %d to %d characters.", wire.MinPassword, wire.MaxPassword)
	}
	return nil
}

// hash is the password in PHC string form with a new salt. The error is
// unavailable when its turn does not come in time.
func (p *Passwords) hash(ctx context.Context, random io.Reader, password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("read random bytes: %w", err)
	}
	key, err := p.derive(ctx, password, salt, p.cost, hashBytes)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, p.cost.Memory, p.cost.Passes, p.cost.Threads, b64(salt), b64(key)), nil
}

// verify compares a password with its PHC form, in constant time. An empty
// form, of somebody who is not there or has no password, takes as long and is
// never right.
func (p *Passwords) verify(ctx context.Context, phc, password string) (bool, error) {
	if phc == "" {
		_, err := p.derive(ctx, password, make([]byte, saltBytes), p.cost, hashBytes)
		return false, err
	}
	cost, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, err
	}
	got, err := p.derive(ctx, password, salt, cost, uint32(len(want)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// derive waits for its turn and hashes. Passwords are compared in NFC (RFC
// 8265, section 4.2), as keyboards differ in how they compose a letter.
func (p *Passwords) derive(ctx context.Context, password string, salt []byte, c Cost, n uint32) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, maxHashWait)
	defer cancel()
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, wire.Errorf(wire.CodeUnavailable, "Too many people are signing in. Try again in a moment.").After(5)
	}
	defer func() { <-p.slots }()
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.Passes, c.Memory, c.Threads, n), nil
}

// parsePHC reads the form that hash writes. Costs far beyond ours are damage,
// not a reason to allocate gigabytes.
func parsePHC(phc string) (cost Cost, salt, key []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return Cost{}, nil, nil, fmt.Errorf("password record is not argon2id")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.Memory, &cost.Passes, &cost.Threads); err != nil {
		return Cost{}, nil, nil, fmt.Errorf("password record: cost: %w", err)
	}
	if cost.Memory > 1<<20 || cost.Passes < 1 || cost.Passes > 64 || cost.Threads < 1 {
		return Cost{}, nil, nil, fmt.Errorf("password record: cost %s out of bounds", parts[3])
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return Cost{}, nil, nil, fmt.Errorf("password record: salt: %w", err)
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(key) < 16 {
		return Cost{}, nil, nil, fmt.Errorf("password record: bad hash")
	}
	return cost, salt, key, nil
}
