package texts

import "unicode/utf8"

// Lab are the words of the Connection Lab.
type Lab struct {
	// What became of a rung, as a clause: "SSE is held back".
	Unsure, Fine, BarredSilently, Mute, NoWay, Another func(rung string) string
	BarredBetween, BarredHere                          func(rung string, status string) string
	Late, Short                                        func(rung, time string) string

	Uses                      func(rung string) string // the sum of it
	Nothing, Measuring        string
	Sentence                  func(clauses []string, sum string) string
	Milli                     func(n string) string // a time in milliseconds
	Seconds                   func(n string) string
	PassThrough, PassOn, Wait string // what to change

	// The page.
	Title, Lead, NeedsScript, All, Force, Connect, Disconnect, CopyReport string
	Interval                                                              func(seconds string) string
	Messages, OverheadTitle, PollingTitle, Figures                        string
	Requests, Received, Transport, Happened                               string
	Bytes, PerMinute                                                      func(n string) string
	Columns                                                               [12]string // of the table
	Events                                                                [8]string  // what can happen to a connection
}

// LabEnglish are the lab's words in English.
var LabEnglish = Lab{
	Unsure: func(rung string) string { return rung + " has not shown anything yet" },
	Fine:   func(rung string) string { return rung + " works" },
	BarredSilently: func(rung string) string {
		return rung + " does not come to be; something between you and the server stops it"
	},
	Mute: func(rung string) string {
		return rung + " stays silent: it is opened, or so it seems, and nothing comes"
	},
	NoWay:   func(rung string) string { return rung + " does not reach the server at all" },
	Another: func(rung string) string { return rung + " is answered by something that is not Parley" },
	BarredBetween: func(rung, status string) string {
		return rung + " is refused with " + status + " by something between you and the server"
	},
	BarredHere: func(rung, status string) string { return rung + " is refused with " + status + " by the server" },
	Late: func(rung, time string) string {
		return rung + " is held back: something collects what is sent and passes it on up to " + time + " late"
	},
	Short:   func(rung, time string) string { return rung + " is cut after " + time },
	Uses:    func(rung string) string { return "Parley uses " + rung + "." },
	Nothing: "Nothing gets through here.", Measuring: "Parley is still trying.",
	Sentence: func(clauses []string, sum string) string {
		s := ""
		for i, c := range clauses {
			if i > 0 {
				s += "; "
			}
			s += c
		}
		return s + ". " + sum
	},
	Milli:       func(n string) string { return n + " ms" },
	Seconds:     func(n string) string { return n + " s" },
	PassThrough: "Let the proxy pass WebSockets on:",
	PassOn:      "Let the proxy pass on at once what is streamed, without collecting or compressing it:",
	Wait:        "Give connections more time; a feed is silent for up to 15 seconds, and a long poll waits for 25:",

	Title:         "Connection Lab",
	Lead:          "Four ways to follow a conversation, side by side, from this browser to this server.",
	NeedsScript:   "The lab is a program: it needs JavaScript.",
	All:           "All four",
	Force:         "Transport",
	Connect:       "Connect",
	Disconnect:    "Disconnect",
	CopyReport:    "Copy report",
	Interval:      func(s string) string { return "Short poll every " + s + " s" },
	Messages:      "Every message on its way here",
	OverheadTitle: "What a message costs beside its text",
	PollingTitle:  "What polling costs",
	Figures:       "Figures",
	Requests:      "Requests",
	Received:      "Messages received",
	Transport:     "Transport",
	Happened:      "What happened",
	Bytes:         func(n string) string { return n + " bytes" },
	PerMinute:     func(n string) string { return n + " a minute" },
	Columns: [12]string{
		"Time to connect", "First batch", "Round trip p50", "p95", "Held back", "Longest silence", "Messages", "Lost", "Requests",
		"Bytes up", "Bytes down", "Overhead per message",
	},
	Events: [8]string{
		"connected", "refused", "nothing came any more", "closed by the server", "cut by something in between", "closed here",
		"the server cannot be reached", "answered by something else",
	},
}

// LabChinese are the lab's words in Chinese.
var LabChinese = Lab{
	Unsure: func(rung string) string { return latin(rung) + "还没有结果" },
	Fine:   func(rung string) string { return latin(rung) + "正常" },
	BarredSilently: func(rung string) string {
		return latin(rung) + "无法建立，被你与服务器之间的某个环节拦截"
	},
	Mute:    func(rung string) string { return latin(rung) + "看似已连接，却收不到任何数据" },
	NoWay:   func(rung string) string { return latin(rung) + "完全无法到达服务器" },
	Another: func(rung string) string { return latin(rung) + "的回应不是来自 Parley" },
	BarredBetween: func(rung, status string) string {
		return latin(rung) + "被你与服务器之间的某个环节以 " + status + " 拒绝"
	},
	BarredHere: func(rung, status string) string { return latin(rung) + "被服务器以 " + status + " 拒绝" },
	Late: func(rung, time string) string {
		return latin(rung) + "被滞留：中间环节攒着数据，最多晚 " + time + " 才放行"
	},
	Short:   func(rung, time string) string { return latin(rung) + "在 " + time + "后被切断" },
	Uses:    func(rung string) string { return "Parley 使用" + rung + "。" },
	Nothing: "这里没有任何方式能连通。", Measuring: "Parley 还在尝试。",
	Sentence: func(clauses []string, sum string) string {
		s := ""
		for i, c := range clauses {
			if i > 0 {
				s += "；"
			}
			s += c
		}
		return s + "。" + sum
	},
	Milli:       func(n string) string { return n + " 毫秒" },
	Seconds:     func(n string) string { return n + " 秒" },
	PassThrough: "让代理放行 WebSocket：",
	PassOn:      "让代理立即转发流式数据，不要缓存或压缩：",
	Wait:        "延长连接的超时时间；消息流最多静默 15 秒，长轮询会等待 25 秒：",

	Title:         "连接实验室",
	Lead:          "从这个浏览器到这台服务器，四种接收消息的方式并排测试。",
	NeedsScript:   "连接实验室是一个程序，需要启用 JavaScript。",
	All:           "全部四种",
	Force:         "传输方式",
	Connect:       "连接",
	Disconnect:    "断开",
	CopyReport:    "复制报告",
	Interval:      func(s string) string { return "短轮询间隔 " + s + " 秒" },
	Messages:      "每条消息到达的时刻",
	OverheadTitle: "每条消息除正文外的开销",
	PollingTitle:  "轮询的代价",
	Figures:       "数据",
	Requests:      "请求",
	Received:      "收到的消息",
	Transport:     "传输方式",
	Happened:      "连接经过",
	Bytes:         func(n string) string { return n + " 字节" },
	PerMinute:     func(n string) string { return "每分钟 " + n + " 次" },
	Columns: [12]string{
		"连接耗时", "首批数据", "往返 p50", "p95", "滞留", "最长静默", "消息", "丢失", "请求", "上行字节", "下行字节", "每条开销",
	},
	Events: [8]string{"已连接", "被拒绝", "不再有数据", "被服务器关闭", "被中间环节切断", "由此处关闭", "无法到达服务器", "由别的程序回应"},
}

// latin is a name with the space that Chinese leaves behind Latin letters.
func latin(name string) string {
	if name != "" && name[len(name)-1] < utf8.RuneSelf {
		return name + " "
	}
	return name
}
