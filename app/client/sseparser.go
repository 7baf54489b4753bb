package client

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// errSSELine is returned for a stream that no Parley server sends: without the
// bound it could fill the memory with one line, or one event.
var errSSELine = errors.New("an event is longer than any batch")

// sseParser reads Server-Sent Events (HTML, section 9.2.6) and gives the data of
// each. Names, ids and retry times are passed over: a batch carries its cursor
// itself.
type sseParser struct {
	r     *bufio.Reader
	begun bool
	data  []byte // of the event so far, with a line feed after each line
	any   bool   // the event has a data line
	cr    bool   // the line before ended in CR: an LF now belongs to it
}

func newSSEParser(r io.Reader) *sseParser { return &sseParser{r: bufio.NewReaderSize(r, 16<<10)} }

// next gives the data of the next event that has any. The slice is the
// caller's. io.EOF at the end of the stream: an event that is cut is dropped.
func (p *sseParser) next() ([]byte, error) {
	p.data, p.any = nil, false
	for {
		line, err := p.line()
		if err != nil {
			return nil, err
		}
		if len(line) == 0 {
			if p.any && len(p.data) > 1 {
				return p.data[:len(p.data)-1], nil
			}
			p.data, p.any = nil, false
			continue
		}
		if err := p.field(line); err != nil {
			return nil, err
		}
	}
}

func (p *sseParser) field(line []byte) error {
	name, value, _ := bytes.Cut(line, []byte(":"))
	if string(name) != "data" {
		return nil
	}
	value = bytes.TrimPrefix(value, []byte(" "))
	if len(p.data)+len(value) >= maxFrame {
		return errSSELine
	}
	p.any = true
	p.data = append(append(p.data, value...), '\n')
	return nil
}

// line reads up to CR, LF or CRLF, which is not part of what it gives.
func (p *sseParser) line() ([]byte, error) {
	var line []byte
	for {
		b, err := p.r.ReadByte()
		if err != nil {
			return nil, err
		}
		if b == '\n' && p.cr {
			p.cr = false
			continue // the rest of a CRLF
		}
		p.cr = b == '\r'
		if b == '\r' || b == '\n' {
			return p.withoutBOM(line), nil
		}
		if len(line) == maxFrame {
			return nil, errSSELine
		}
		line = append(line, b)
	}
}

// withoutBOM drops the byte order mark that a stream may begin with.
func (p *sseParser) withoutBOM(line []byte) []byte {
	if !p.begun {
		p.begun = true
		line = bytes.TrimPrefix(line, []byte("\xEF\xBB\xBF"))
	}
	return line
}
