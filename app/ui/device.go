package ui

import "strings"

// deviceName is a browser and a system as people call them, of a User-Agent.
// They all claim to be each other: of those that are named, the first counts.
func deviceName(agent string) string {
	find := func(list ...string) string {
		for i := 0; i < len(list); i += 2 {
			if strings.Contains(agent, list[i]) {
				return list[i+1]
			}
		}
		return ""
	}
	browser := find("Edg", "Edge", "OPR/", "Opera", "SamsungBrowser", "Samsung Internet", "MicroMessenger", "微信",
		"Firefox", "Firefox", "FxiOS", "Firefox", "CriOS", "Chrome", "Chrome", "Chrome", "Safari", "Safari")
	system := find("iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "Windows", "Windows", "Mac OS X", "macOS",
		"CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case browser == "" && system == "":
		return agent
	case browser == "" || system == "":
		return browser + system
	}
	return browser + " · " + system
}
