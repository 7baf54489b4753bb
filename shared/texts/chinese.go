package texts

import (
	"parley/shared/rows"
	"parley/shared/wire"
)

// Chinese is the catalogue in Chinese, in simplified characters.
var Chinese = Texts{
	Lang: "zh-Hans", Called: "简体中文",

	SetUpTitle:      "创建你的社区",
	SetUpLead:       "全新的 Parley，谁创建就归谁。",
	CreateCommunity: "创建社区",
	SignInTitle:     "登录",
	SignInLead:      "欢迎回来。",
	SignIn:          "登录",
	SignUpTitle:     "邀请你加入",
	SignUpLead:      "取一个大家能看到的名字。",
	Join:            "加入",
	HaveAccount:     "我已有账号",
	Name:            "名字",
	Password:        "密码",
	Community:       "社区",
	SetUpCode:       "创建码",
	PasswordHint:    "至少 8 个字符。",
	CodeHint:        "服务器启动时显示过。",
	GuestHint:       "访客请留空。",
	CommunityHint:   "社区的名称，可以留空。",
	NameNeeded:      "请输入名字。",
	PasswordNeeded:  "请输入密码。",
	PasswordShort:   "密码至少需要 8 个字符。",
	SignedOut:       "你已退出登录，请重新登录。",
	Connecting:      "正在连接…",
	StillConnecting: "Parley 暂时连不上服务器，正在重试。",

	Rooms:       "房间",
	NewRoom:     "新建房间",
	BrowseRooms: "浏览房间",
	RoomName:    "房间名称",
	Topic:       "主题",
	Optional:    "选填",
	Private:     "私密",
	PrivateHint: "只有被添加的人才能找到和查看。",
	CreateRoom:  "创建房间",
	Joined:      "已加入",
	LeaveRoom:   "离开房间",
	NoMoreRooms: "还没有公开房间。",
	NoSuchRoom:  "房间不存在，或者你不在其中。",
	BackToLobby: "回到大厅",
	OpenRooms:   "显示房间",
	CloseMenu:   "关闭",
	Members:     "成员",
	AddPeople:   "添加成员",
	Add:         "添加",
	Everybody:   "所有人都已在这里。",
	Online:      "在线",
	Offline:     "离线",
	You:         "你",
	Guest:       "访客",
	Bot:         "机器人",
	RoomDetails: "房间详情",
	Lobby:       "大厅",
	Unread:      func(n Number) string { return n.Written + " 条未读" },
	MemberCount: func(n Number) string { return n.Written + " 位成员" },

	Messages:     "消息记录",
	Message:      "消息",
	Send:         "发送",
	Hint:         "Enter 发送，Shift+Enter 换行",
	TooLong:      "消息太长，请分几条发送。",
	LoadingOlder: "正在加载更早的消息…",
	OlderFailed:  "更早的消息加载失败。",
	LoadFailed:   "消息加载失败。",
	TryAgain:     "重试",
	Nothing:      "还没有人发言。",
	Older:        "更早的消息",
	MarkRead:     "标为已读",
	FollowStart:  "自动刷新",
	FollowStop:   "停止自动刷新",
	ToNewest:     "最新消息",
	UnknownUser:  "未知用户",
	MessageTo:    func(room string) string { return "发消息到“" + room + "”" },
	Beginning:    func(room string) string { return "“" + room + "”从这里开始。" },
	GoTo:         func(community string) string { return "前往 " + community },
	NewMessages:  func(n Number) string { return n.Written + " 条新消息" },
	Typing:       typingChinese,

	SkipToMessage: "跳到消息输入框",

	TryNow:      "立即重试",
	OfflineHint: "你写的消息会稍后发送。",
	Rung:        "连接方式",
	NotKept:     "此浏览器不能为 Parley 保存内容：你写的消息发出之后才不会丢失。",
	Rungs:       [4]string{"WebSocket", "SSE", "长轮询", "短轮询"},

	Invite:       "邀请",
	InviteLead:   "打开这个链接的人都可以加入，七天内有效。",
	InviteLink:   "邀请链接",
	CopyLink:     "复制链接",
	Copied:       "已复制",
	CopyFailed:   "复制失败，请选中链接手动复制。",
	AsMember:     "成员",
	AsMemberHint: "有密码，能找到所有公开房间。",
	AsGuest:      "访客",
	AsGuestHint:  "只需取个名字，能看到大厅和这个房间。",

	SignOut:      "退出登录",
	SignOutTitle: "要退出登录吗？",
	Cancel:       "取消",
	Close:        "关闭",
	GuestSignOut: "访客没有密码：退出后就无法再以同一身份回来。",

	NewVersion: "新版本已就绪。",
	Reload:     "重新加载",

	Slogan:      "总能送达的聊天。",
	InstallApp:  "安装应用",
	InstallLead: "安装后，Parley 有自己的图标和窗口，没有网络也能打开。",
	NotNow:      "暂不安装",
	InstallIOS:  "在浏览器工具栏点“分享”，再选“添加到主屏幕”。",
	InstallDock: "在“文件”菜单里选“添加到程序坞”。",
	InstallMenu: "打开浏览器菜单，选“将应用添加到主屏幕”。",
	ShareTitle:  "分享到房间",
	ShareLead:   "请选择房间。内容会放进输入框，由你自己发送。",
	ShareAgain:  "Parley 刚才还没准备好，请再分享一次。",
	FilesLeft: func(names string) string {
		return "目前只能发送文字，还不能发送文件。未包含：" + names
	},

	Settings:      "设置",
	Language:      "语言",
	FollowBrowser: "跟随浏览器",
	Appearance:    "外观",
	FollowSystem:  "跟随系统",
	Light:         "浅色",
	Dark:          "深色",

	Unreachable: "无法连接服务器，请检查网络后重试。",
	Unavailable: "服务器暂时无法处理，请稍后再试。",
	TooMany:     "操作太频繁了，请稍等片刻再试。",
	Internal:    "服务器出错了，请重试。",
	Broken:      "页面出错了，重新加载通常可以解决。",
	titles:      titlesChinese,
	details:     detailsChinese,

	Lab: LabChinese,

	Today: "今天", Yesterday: "昨天",
	Rows: rows.Texts{
		New: "新消息", Deleted: "这条消息已删除。", Edited: "已编辑",
		Sending: "发送中", Sent: "已发送", Failed: "发送失败", TryAgain: "重试", Edit: "编辑",
	},
}

func typingChinese(n int, names string) string {
	switch n {
	case 0:
		return ""
	case 1, 2, 3:
		return names + " 正在输入"
	}
	return "好几个人正在输入"
}

var titlesChinese = map[wire.Code]string{
	wire.CodeBadRequest:           "请求有误",
	wire.CodeUnauthenticated:      "请先登录",
	wire.CodeForbidden:            "没有权限",
	wire.CodeNotFound:             "没有找到",
	wire.CodeMethodNotAllowed:     "不支持的操作",
	wire.CodeConflict:             "发生冲突",
	wire.CodeTooLarge:             "内容太大",
	wire.CodeUnsupportedMediaType: "不支持的格式",
	wire.CodeRateLimited:          "操作太频繁",
	wire.CodeInternal:             "服务器出错",
	wire.CodeUnavailable:          "暂时不可用",
}

// detailsChinese are the server's sentences that people meet, as its sources
// have them. A %s stands for the next of what the sentence was made with.
var detailsChinese = map[string]string{
	"The name is empty.":                                                                "名字不能为空。",
	"The name is longer than %d characters.":                                            "名字不能超过 %s 个字符。",
	"The name has a character that cannot be seen (%U).":                                "名字里有看不见的字符（%s）。",
	"The room name is empty.":                                                           "房间名称不能为空。",
	"The room name is longer than %d characters.":                                       "房间名称不能超过 %s 个字符。",
	"The room name has a character that cannot be seen (%U).":                           "房间名称里有看不见的字符（%s）。",
	"The community's name is empty.":                                                    "社区名称不能为空。",
	"The community's name is longer than %d characters.":                                "社区名称不能超过 %s 个字符。",
	"The community's name has a character that cannot be seen (%U).":                    "社区名称里有看不见的字符（%s）。",
	"The topic is longer than %d characters.":                                           "主题不能超过 %s 个字符。",
	"The topic has a character that cannot be seen.":                                    "主题里有看不见的字符。",
	"The password must have %d to %d characters.":                                       "密码需要 %s 到 %s 个字符。",
	"The name is taken.":                                                                "这个名字已有人使用。",
	"There is a room of this name.":                                                     "已有同名的房间。",
	"The name or the password is wrong.":                                                "名字或密码不对。",
	"From another machine this takes the code that the server printed when it started.": "从其他电脑创建，需要服务器启动时显示的创建码。",
	"This community has been created already. Sign in.":                                 "社区已经创建，请直接登录。",
	"This invite does not work. It may have expired or been used; ask for a new one.":   "邀请已失效，可能过期或用过了，请让对方重新发一个。",
	"A guest has no password; leave it out.":                                            "访客没有密码，请留空。",
	"Sign in first.":                                                                    "请先登录。",
	"Your session has ended. Sign in again.":                                            "登录已失效，请重新登录。",
	"Somebody else has signed in.":                                                      "另一个人登录了。",
	"The role %s does not allow this.":                                                  "你的身份不能这样做。",
	"Join the room first.":                                                              "请先加入这个房间。",
	"There is no such room.":                                                            "房间不存在。",
	"There is no such user.":                                                            "用户不存在。",
	"%s is deactivated.":                                                                "%s 的账号已停用。",
	"A direct room stays between its first members.":                                    "私聊不能再添加别人。",
	"Nobody leaves the lobby.":                                                          "大厅是不能离开的。",
	"The text is empty.":                                                                "消息不能为空。",
	"The text has a NUL character.":                                                     "消息里有无法保存的字符。",
	"The text is longer than %d characters.":                                            "消息不能超过 %s 个字符。",
	"The body is larger than %d bytes.":                                                 "内容太大，不能超过 %s 字节。",
	"There is no page at this address.":                                                 "这个地址没有页面。",
	"There is nothing at %s.":                                                           "%s 上什么也没有。",
	"%s is not possible here, only %s.":                                                 "这里不支持 %s，只支持 %s。",
	"This request comes from another site.":                                             "这个请求来自别的网站。",
	"This nonce was used for another message.":                                          "这条消息与之前的冲突，请重新编辑后发送。",
}
