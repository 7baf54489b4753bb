// Package texts is the catalogue: every word that a person reads on the screen,
// in each language that Parley speaks. The server's page and the app take their
// words from it, so that what the one drew the other can go on with.
//
// A further language is a further value of [Texts]; its tests find what is
// missing and what nobody shows.
//
// Dates, numbers and lists are written by whoever shows them, the app by the
// browser's Intl: the catalogue puts them into a sentence.
package texts

import (
	"parley/shared/rows"
	"parley/shared/wire"
)

// Texts is every word on the screen, in one language.
type Texts struct {
	Lang   string // BCP 47
	Called string // the language, in itself
	gap    string // between sentences; Chinese has it in its full stop

	// Getting in
	SetUpTitle, SetUpLead, CreateCommunity     string
	SignInTitle, SignIn, SignInLead            string
	SignUpTitle, SignUpLead, Join, HaveAccount string
	Name, Password, Community, SetUpCode       string
	PasswordHint, CodeHint, GuestHint          string
	CommunityHint                              string
	NameNeeded, PasswordNeeded, PasswordShort  string
	SignedOut, TextKept, TextUnsent            string
	Connecting, StillConnecting                string

	// Rooms
	Rooms, NewRoom, BrowseRooms, RoomName, Topic, Optional     string
	Private, PrivateHint, CreateRoom, Joined, LeaveRoom        string
	NoMoreRooms, NoSuchRoom, BackToLobby, OpenRooms, CloseMenu string
	Members, AddPeople, Add, Everybody, Online, Offline, You   string
	Guest, Bot, RoomDetails, Lobby                             string
	JoinLead, JoinArchived, ArchivedLead, NoArchived           string
	Unread, MemberCount, Mentions, ToUnread                    func(Number) string

	// Talking
	Messages, Message, Send, Hint, TooLong          string
	LoadingOlder, OlderFailed, LoadFailed, TryAgain string
	LoadingNewer, NewerFailed, JumpBack             string
	Nothing, ToNewest, UnknownUser                  string
	SlashMe, SlashTopic, SlashInvite, SlashLeave    string
	SlashMute, SlashHelp, Slashes, SlashHint        string
	Suggestions                                     string
	NoSlash, NobodyCalled, Added, Muted, Unmuted    func(name string) string
	EverybodyWord, EverybodyHint                    string // behind an @, as the server reads it
	Older, MarkRead, FollowStart, FollowStop        string
	MessageTo, Beginning                            func(room string) string
	GoTo                                            func(community string) string
	NewMessages                                     func(Number) string
	Typing                                          func(n int, names string) string // names: the n of them as a list
	SkipToMessage                                   string

	// What can be done to a message
	Actions, Reply, EditMessage, DeleteMessage, CopyText, CopyMessageLink, MarkUnread string
	DeleteTitle, DeleteLead, Delete                                                   string
	Editing, EditHint, Save, EditFailed, EditedElsewhere, NothingElse                 string
	Replying                                                                          func(name string) string
	History, HistoryNow                                                               string
	Emoji, FindEmoji, RecentEmoji, NoEmoji                                            string

	// Files
	AttachFiles, Attached, DropHere  string
	FilesAdded, FileTaken, FileEmpty func(name string) string // names of some, as a list
	Detach                           func(name string) string
	FileTooLarge                     func(name, size string) string
	TooManyFiles                     func(Number) string
	Download, OpenPicture            string
	PictureBefore, PictureAfter      string
	PictureOf                        func(at, all Number) string

	// Notifications
	NotesTitle, NotesText, NotesBare, NotesOff string
	NotesDenied, NotesOffer                    string
	NoteBare                                   func(Number) string

	// Finding
	Search, SearchMessages, SearchLead, SearchPartial string
	NothingFound, InThisRoom, Everywhere, ShowMore    string
	FilterFrom, FilterIn, FilterBefore                string
	Switch, SwitchHint                                string
	SearchFor                                         func(query string) string
	FoundCount                                        func(Number) string
	Keys, KeySwitch, KeySearch, KeyRooms, KeyUnread   string
	KeyRead, KeySend, KeyLine, KeyEdit, KeyHelp       string

	// Connection
	TryNow, OfflineHint, Rung, NotKept string
	Rungs                              [4]string // what carries the conversation, best first

	// Invite
	Invite, InviteLead, InviteLink, CopyLink, Copied, CopyFailed string
	AsMember, AsMemberHint, AsGuest, AsGuestHint                 string

	// Account
	SignOut, SignOutTitle, Cancel, Close, GuestSignOut string
	NewVersion, Reload, FilesWait                      string

	// Settings
	Settings, Language, FollowBrowser     string
	Appearance, FollowSystem, Light, Dark string

	// The app as it is installed, and what other programs share with it
	Slogan                               string
	InstallApp, InstallLead, NotNow      string
	InstallIOS, InstallDock, InstallMenu string
	ShareTitle, ShareLead, ShareAgain    string
	FilesLeft                            func(names string) string

	// Errors
	Unreachable, Unavailable, TooMany, Internal, Broken string
	titles                                              map[wire.Code]string // nil: as the server says
	details                                             map[string]string    // by what the server says; nil: as it says
	places                                              map[string]string    // by how the server says where something is wrong: the last %s is what, the one before a number

	Manage
	Hooks
	Lab Lab

	Today, Yesterday string
	Rows             rows.Texts
}
