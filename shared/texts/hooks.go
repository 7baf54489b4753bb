package texts

import (
	"strings"

	"parley/shared/wire"
)

// Hooks is what the screens say in which webhooks are made and looked after. It
// is a part of [Texts].
type Hooks struct {
	Webhooks, IncomingLead, MakeHook, HookOnce, HookURL, NoHooks string
	RevokeHookLead                                               string
	RevokeHookTitle                                              func(bot string) string

	OutgoingLead, WhichBot, WebhookURL, WebhookHint, Secret, SecretOnce string
	NoBots, NoWebhooks, RemoveWebhookLead                               string
	RemoveWebhookTitle                                                  func(bot string) string

	webhookIdle                      string
	webhookDelivered, webhookDropped func(when string) string
	webhookRetrying                  func(attempts Number) string
	why                              map[string]string // by what the server says; nil: as it says
}

// WebhookStatus is what became of the newest attempt to deliver, in words; when is
// its time, attempts how many there were.
func (t *Texts) WebhookStatus(s *wire.WebhookStatus, when string, attempts Number) string {
	if s == nil {
		return t.webhookIdle
	}
	said := ""
	switch s.State {
	case wire.WebhookDelivered:
		said = t.webhookDelivered(when)
	case wire.WebhookRetrying:
		said = t.webhookRetrying(attempts)
	default:
		said = t.webhookDropped(when)
	}
	if s.Detail == "" {
		return said
	}
	return t.Sentences(said, t.webhookWhy(s.Detail))
}

// webhookWhy is why something was not delivered, in the reader's language as far
// as it is Parley that says so: what a network or a program says stands as it is.
func (t *Texts) webhookWhy(detail string) string {
	longest, why := 0, detail // the longest format that fits says the most
	for said, ours := range t.why {
		if values, ok := match(said, detail); ok && len(said) > longest {
			for _, v := range values {
				ours = strings.Replace(ours, "%s", v, 1)
			}
			longest, why = len(said), ours
		}
	}
	return why
}

// HooksEnglish is Hooks in English.
var HooksEnglish = Hooks{
	Webhooks:        "Webhooks",
	IncomingLead:    "Whatever a program posts to the address of a webhook is said here by a bot. What is made for Slack works.",
	MakeHook:        "Create webhook",
	HookOnce:        "Copy the address now. It is shown only this once, and whoever knows it can speak here.",
	HookURL:         "Address of the webhook",
	NoHooks:         "This room has no webhooks.",
	RevokeHookLead:  "What is posted to its address is refused at once, and the bot is deactivated. This cannot be undone.",
	RevokeHookTitle: func(bot string) string { return "Revoke the webhook of " + bot + "?" },

	OutgoingLead:       "When somebody mentions a bot, or writes to it alone, the message is posted to this address, and what comes back is said by the bot.",
	WhichBot:           "Bot",
	WebhookURL:         "Address",
	WebhookHint:        "Such as https://bot.example.org/parley. Each time it is saved there is a new secret.",
	Secret:             "Secret",
	SecretOnce:         "Copy the secret now. It is shown only this once. What is posted is signed with it.",
	NoBots:             "There are no bots yet. A token makes one, and so does a webhook of a room.",
	NoWebhooks:         "No bot has an address yet.",
	RemoveWebhookLead:  "What is said to the bot is no longer posted there.",
	RemoveWebhookTitle: func(bot string) string { return "Remove the address of " + bot + "?" },

	webhookIdle:      "There was nothing to deliver yet.",
	webhookDelivered: func(when string) string { return "Delivered: " + when + "." },
	webhookDropped:   func(when string) string { return "Given up: " + when + "." },
	webhookRetrying: func(n Number) string {
		return "Not delivered after " + plural(n, "attempt", "attempts") + "; it is tried again."
	},
}

// HooksChinese is Hooks in Chinese.
var HooksChinese = Hooks{
	Webhooks:        "Webhook",
	IncomingLead:    "程序发送到 Webhook 地址的内容，会由机器人在这里说出来。为 Slack 编写的程序可以直接使用。",
	MakeHook:        "创建 Webhook",
	HookOnce:        "请现在复制地址，之后不再显示。知道地址的人都能在这里发言。",
	HookURL:         "Webhook 地址",
	NoHooks:         "这个房间还没有 Webhook。",
	RevokeHookLead:  "发送到该地址的内容会立即被拒绝，机器人也会停用，且无法恢复。",
	RevokeHookTitle: func(bot string) string { return "要撤销“" + bot + "”的 Webhook 吗？" },

	OutgoingLead:       "有人提到机器人或给它发私信时，消息会发送到这个地址，返回的内容由机器人说出来。",
	WhichBot:           "机器人",
	WebhookURL:         "地址",
	WebhookHint:        "例如 https://bot.example.org/parley。每次保存都会换一个新密钥。",
	Secret:             "密钥",
	SecretOnce:         "请现在复制密钥，之后不再显示。发送的内容都用它签名。",
	NoBots:             "还没有机器人。创建令牌，或在房间里创建 Webhook，就会有一个。",
	NoWebhooks:         "还没有机器人设置地址。",
	RemoveWebhookLead:  "对机器人说的话不再发送到那里。",
	RemoveWebhookTitle: func(bot string) string { return "要移除“" + bot + "”的地址吗？" },

	webhookIdle:      "还没有要发送的内容。",
	webhookDelivered: func(when string) string { return "已送达：" + when + "。" },
	webhookDropped:   func(when string) string { return "已放弃：" + when + "。" },
	webhookRetrying:  func(n Number) string { return "试了 " + n.Written + " 次还没有送达，会继续重试。" },
	why: map[string]string{
		"The address cannot be used.":                           "这个地址无法使用。",
		"It answers %d: redirects are not followed.":            "对方返回 %s：不会跟随跳转。",
		"It answers %d.":                                        "对方返回 %s。",
		"It did not answer within %d s.":                        "对方在 %s 秒内没有回应。",
		"Its name cannot be resolved: %s.":                      "无法解析域名：%s。",
		"It cannot be reached: %s.":                             "无法连接：%s。",
		"It did not answer: %s.":                                "对方没有回应：%s。",
		"The address is refused: %s.":                           "地址被拒绝：%s。",
		"Its answer is longer than %d bytes, and was left out.": "对方的回答超过 %s 字节，未采用。",
		"Its answer did not come to an end, and was left out.":  "对方的回答没有结束，未采用。",
		"Its answer cannot be read: %s":                         "无法读取对方的回答：%s",
		"Its answer was not stored: %s":                         "对方的回答没有保存：%s",
	},
}
