// Package hooks tells the programs behind bots what is said to these: it is a
// reader of the log that posts what mentions a bot, or is said in a direct room
// with it, to the bot's webhook, and posts what that answers as the bot.
//
// # Who does what
//
// One goroutine, the follower, reads the log from where the webhook that lags
// most has come to, and puts the offsets of what concerns a bot into the bot's
// queue. While a queue holds something a worker of its own delivers from it, one
// after the other: so what one bot is told is in order, and a slow one delays
// nobody else. What bots say is delivered to no bot, or two of them would never
// stop.
//
// # At least once
//
// How far each webhook has come is noted in the store, through the journal like
// all that changes it, at most once a second for all of them together. After a
// crash what was delivered since the last note is delivered again, under the
// same id; an answer to it is stored once, as its nonce is made of that id. What
// fails is tried again, ever more slowly, and after [maxAttempts] dropped, with a
// line in the log and in the webhook's status. A queue that outgrows [maxWaiting]
// loses its oldest.
//
// # Where to
//
// Members choose the addresses, so the server must not be talked into reaching
// for them what they could not reach themselves (server-side request forgery).
// Every connection is checked when it is made, by the address that it really goes
// to, whatever a name has led to before: see [isPublic]. Redirects are not
// followed and proxies not used, and an answer is read for [maxTime] and up to
// [maxAnswer].
package hooks
