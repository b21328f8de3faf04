/** What can be said of a server at an instant, on a page. */

export type ServerStatus = "follower" | "candidate" | "leader" | "crashed" | "paused";
