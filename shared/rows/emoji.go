package rows

// emojiOnly tells whether a text is nothing but one to three emoji, which are
// then written larger: they are the message.
func emojiOnly(text string) bool {
	if len(text) > 64 {
		return false
	}
	count, joined := 0, false
	for _, r := range text {
		switch {
		case r == ' ' || r == 0xFE0F || r == 0x20E3 || r >= 0x1F3FB && r <= 0x1F3FF:
		case r == 0x200D:
			joined = true
		case r >= 0x1F300 && r <= 0x1FAFF, r >= 0x2600 && r <= 0x27BF, r == 0x2B50, r == 0x2B55, r >= 0x1F1E6 && r <= 0x1F1FF:
			if !joined {
				count++
			}
			joined = false
		default:
			return false
		}
	}
	return count > 0 && count <= 3
}
