import ArgumentParser

/// Makes load and judges it.
@main
struct SalsanorLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "salsanor-load",
        abstract: "Makes load on a SalsaNor server and judges what comes back.",
        discussion: """
            Exit status: 0 the verdict is good; 1 it is not; 2 the run is void, because this \
            program itself used more than 0.9 of a core; 64 wrong usage; 69 no server.
            """,
        subcommands: [
            Sliders.self, Most.self, Crash.self, EchoSpeed.self, IdleSize.self, Broadcast.self,
            Kernels.self, ServeAlong.self, Likes.self, Fanout.self, Storm.self, Inbox.self,
            Reads.self,
        ])
}
