package wasm

import (
	"encoding/binary"
	"fmt"
)

// Image is the linear memory as the data section fills it: Mem[0] is address 0.
type Image struct {
	Mem []byte
}

// limitImage stops a damaged module from asking for more memory than any app of ours has.
const limitImage = 256 << 20 // bytes

// opcodes of the constant expression that gives a segment's address.
const opI32Const, opEnd = 0x41, 0x0b

// Image reads the data section.
func (m *Module) Image() (*Image, error) {
	s := m.section(SectionData)
	if s == nil {
		return nil, fmt.Errorf("wasm: no data section")
	}
	r := &reader{data: s.Data}
	img := &Image{}
	for n := r.uleb(); n > 0 && r.err == nil; n-- {
		if memory, op := r.uleb(), r.byte(); memory != 0 || op != opI32Const {
			return nil, fmt.Errorf("wasm: a data segment of a kind that Go's linker does not write")
		}
		at := r.sleb()
		_ = r.byte()
		data := r.take(r.uleb())
		end := int(at) + len(data)
		if at < 0 || end > limitImage {
			return nil, fmt.Errorf("wasm: a data segment at %d", at)
		}
		if end > len(img.Mem) {
			img.Mem = append(img.Mem, make([]byte, end-len(img.Mem))...)
		}
		copy(img.Mem[at:], data)
	}
	return img, r.err
}

func (i *Image) u32(at int) uint32 { return binary.LittleEndian.Uint32(i.Mem[at:]) }
func (i *Image) u64(at int) int    { return int(binary.LittleEndian.Uint64(i.Mem[at:])) }
func (i *Image) putU64(at, v int)  { binary.LittleEndian.PutUint64(i.Mem[at:], uint64(v)) }

// Segments are cut where zeros are left out: a header costs about this much.
// More segments than browsers take are not to be feared: there is one for each
// kilobyte at most, and they take 100,000.
const segmentOverhead = 8 // bytes

// SetImage writes the data section anew. Memory is zero where nothing is written.
func (m *Module) SetImage(i *Image) {
	var segments []byte
	n := 0
	for at := 0; at < len(i.Mem); {
		if i.Mem[at] == 0 {
			at++
			continue
		}
		end := segmentEnd(i.Mem, at)
		segments = append(segments, 0, opI32Const)
		segments = appendSleb(segments, int64(at))
		segments = append(segments, opEnd)
		segments = appendUleb(segments, end-at)
		segments = append(segments, i.Mem[at:end]...)
		n++
		at = end
	}
	m.section(SectionData).Data = append(appendUleb(nil, n), segments...)
}

// segmentEnd is where zeros begin that are worth leaving out.
func segmentEnd(mem []byte, at int) int {
	end := at // after the last byte that is not zero
	for at < len(mem) && at-end <= segmentOverhead {
		at++
		if mem[at-1] != 0 {
			end = at
		}
	}
	return end
}
