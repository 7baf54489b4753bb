package texts

import "unicode/utf8"

// Lab are the words of the Connection Lab.
type Lab struct {
	// What became of a rung, as a clause: "SSE is held back".
	Unsure, Fine, BarredSilently, Mute, NoWay, Another, Closed func(rung string) string
	BarredBetween, BarredHere, Instead, OneWay                 func(rung string, status string) string
	Late, Short                                                func(rung, time string) string

	Uses                                func(rung string) string // the sum of it
	Nothing, Measuring, SignIn, Busy    string
	Sentence                            func(clauses []string, sum string) string
	Milli                               func(n string) string // a time in milliseconds
	Seconds                             func(n string) string
	PassThrough, PassName, PassOn, Wait string // what to change
	AskDoctor                           func(command string) string

	// The page.
	Title, Lead, NeedsScript, All, Force, Connect, Disconnect, CopyReport string
	Interval                                                              func(seconds string) string
	Messages, OverheadTitle, PollingTitle, Figures                        string
	Requests, InVain, Received, Happened                                  string
	Bytes, PerMinute                                                      func(n string) string
	PollCost                                                              func(seconds, perMinute string) string
	Legend                                                                [4]string  // of the marks: a tick, an echo, an empty poll, an end
	Figure                                                                [13]string // of the table
	Events                                                                [10]string // what can happen to a connection
}

// LabEnglish are the lab's words in English.
var LabEnglish = Lab{
	Unsure: func(rung string) string { return rung + " has not shown anything yet" },
	Fine:   func(rung string) string { return rung + " works" },
	BarredSilently: func(rung string) string {
		return rung + " cannot be opened: something between you and the server stops it"
	},
	Closed: func(rung string) string { return rung + " cannot be opened" },
	Mute: func(rung string) string {
		return rung + " stays silent: it is opened, or so it seems, and nothing comes"
	},
	NoWay:   func(rung string) string { return rung + " does not reach the server at all" },
	Another: func(rung string) string { return rung + " is answered by something that is not Parley" },
	BarredBetween: func(rung, status string) string {
		return rung + " is refused with " + status + " by something between you and the server"
	},
	BarredHere: func(rung, status string) string { return rung + " is refused with " + status + " by the server" },
	Instead: func(rung, status string) string {
		return rung + " is answered with " + status + " like a page: something between you and the server takes the Upgrade out"
	},
	OneWay: func(rung, status string) string {
		return rung + " brings messages, but what is sent is refused with " + status
	},
	Late: func(rung, time string) string {
		return rung + " is held back: something collects what is sent and passes it on up to " + time + " late"
	},
	Short:   func(rung, time string) string { return rung + " is cut after " + time },
	Uses:    func(rung string) string { return "Parley uses " + rung + "." },
	Nothing: "Parley cannot be used from here.", Measuring: "Parley is still trying.",
	SignIn: "This lab is for members: sign in first.", Busy: "Too many people are in the lab just now. Try again in a minute.",
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
	PassName:    "Let the server know by which name and scheme it is asked, and start it with --trusted-proxy and the proxy's address, or it believes none of it; it takes nothing from pages of another:",
	PassOn:      "Let the proxy pass on at once what is streamed, without collecting or compressing it:",
	Wait:        "Give connections more time; a feed is silent for up to 15 seconds, and a long poll waits for 25:",
	AskDoctor:   func(command string) string { return "A browser does not learn why; this does: " + command },

	Title:         "Connection Lab",
	Lead:          "Four ways to follow a conversation, side by side, from this browser to this server.",
	NeedsScript:   "The lab is a program: it needs JavaScript.",
	All:           "All four",
	Force:         "Transport",
	Connect:       "Connect",
	Disconnect:    "Disconnect",
	CopyReport:    "Copy report",
	Interval:      func(s string) string { return "Short poll every " + s + " s" },
	Messages:      "Every message, when it came",
	OverheadTitle: "What a message costs beside its text",
	PollingTitle:  "What polling costs",
	Figures:       "Figures",
	Requests:      "Requests",
	InVain:        "In vain",
	Received:      "Messages",
	Happened:      "What happened",
	Bytes:         func(n string) string { return n + " bytes" },
	PerMinute:     func(n string) string { return n + " a minute" },
	PollCost: func(seconds, perMinute string) string {
		return "Asking every " + seconds + " s makes " + perMinute + " requests a minute, whether anybody says something or not; what is said waits up to " + seconds + " s."
	},
	Legend: [4]string{"from the server", "your own, back again", "asked in vain", "broken off"},
	Figure: [13]string{
		"Time to connect", "First batch", "Round trip p50", "Round trip p95", "Held back", "Longest silence", "Messages", "Lost", "Requests",
		"Bytes up", "Bytes down", "Overhead per message", "What broke",
	},
	Events: [10]string{
		"connected", "refused", "nothing came any more", "closed by the server", "cut off on the way", "closed here",
		"the server cannot be reached", "answered by something else", "could not be opened", "what was sent is refused",
	},
}

// LabChinese are the lab's words in Chinese.
var LabChinese = Lab{
	Unsure: func(rung string) string { return latin(rung) + "还没有结果" },
	Fine:   func(rung string) string { return latin(rung) + "正常" },
	BarredSilently: func(rung string) string {
		return latin(rung) + "无法建立，被你与服务器之间的某个环节拦截"
	},
	Closed:  func(rung string) string { return latin(rung) + "无法建立" },
	Mute:    func(rung string) string { return latin(rung) + "看似已连接，却收不到任何数据" },
	NoWay:   func(rung string) string { return latin(rung) + "完全无法到达服务器" },
	Another: func(rung string) string { return latin(rung) + "的回应不是来自 Parley" },
	BarredBetween: func(rung, status string) string {
		return latin(rung) + "被你与服务器之间的某个环节以 " + status + " 拒绝"
	},
	BarredHere: func(rung, status string) string { return latin(rung) + "被服务器以 " + status + " 拒绝" },
	Instead: func(rung, status string) string {
		return latin(rung) + "像网页一样得到 " + status + " 应答，中间某个环节去掉了 Upgrade"
	},
	OneWay: func(rung, status string) string {
		return latin(rung) + "能收到消息，但发送被拒绝（" + status + "）"
	},
	Late: func(rung, time string) string {
		return latin(rung) + "被滞留：中间环节攒着数据，最多晚 " + time + " 才放行"
	},
	Short: func(rung, time string) string { return latin(rung) + "在 " + time + "后被切断" },
	Uses: func(rung string) string {
		if rung != "" && rung[0] < utf8.RuneSelf {
			rung = " " + rung
		}
		return "Parley 使用" + rung + "。"
	},
	Nothing: "在这里无法使用 Parley。", Measuring: "Parley 还在尝试。",
	SignIn: "这个实验室只对成员开放，请先登录。", Busy: "现在使用实验室的人太多，请一分钟后再试。",
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
	PassName:    "让服务器知道访问它所用的名称和协议，并在启动服务器时用 --trusted-proxy 写明代理的地址，否则它一概不信；来自其他来源页面的请求一律不接受：",
	PassOn:      "让代理立即转发流式数据，不要缓存或压缩：",
	Wait:        "延长连接的超时时间；消息流最多静默 15 秒，长轮询会等待 25 秒：",
	AskDoctor: func(command string) string {
		return "浏览器无从得知原因，用这条命令可以查明：" + command
	},

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
	InVain:        "空手而归",
	Received:      "消息",
	Happened:      "连接经过",
	Bytes:         func(n string) string { return n + " 字节" },
	PerMinute:     func(n string) string { return "每分钟 " + n },
	PollCost: func(seconds, perMinute string) string {
		return "每 " + seconds + " 秒询问一次，无论有没有人说话，每分钟都要发出 " + perMinute + " 个请求；而一条消息最多要等 " + seconds + " 秒才看得到。"
	},
	Legend: [4]string{"来自服务器", "自己发出又返回", "空手而归", "中断"},
	Figure: [13]string{
		"连接耗时", "首批数据", "往返 p50", "往返 p95", "滞留", "最长静默", "消息", "丢失", "请求", "上行字节", "下行字节", "每条开销", "中断情况",
	},
	Events: [10]string{"已连接", "被拒绝", "不再有数据", "被服务器关闭", "途中被切断", "由此处关闭", "无法到达服务器", "由别的程序回应", "无法建立", "发送被拒绝"},
}

// latin is a name with the space that Chinese leaves behind Latin letters.
func latin(name string) string {
	if name != "" && name[len(name)-1] < utf8.RuneSelf {
		return name + " "
	}
	return name
}
