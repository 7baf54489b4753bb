// Package slack reads what was written for Slack: its markup, and what programs
// post to its incoming webhooks. What it gives is Markdown as people type it here.
package slack
