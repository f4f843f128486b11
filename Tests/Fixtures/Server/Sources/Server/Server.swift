import FlyingFox
import Foundation

/// Users by name, and a list of sessions that only grows: the leak of this server, reachable all the time.
actor Store {
    private var users: [String: [String]] = [:]
    private var sessions: [String] = []

    func user(_ name: String) -> String {
        sessions.append("session number \(sessions.count) of \(name)")
        let mails = users[name] ?? (0..<10).map { "\(name).\($0)@example.org" }
        users[name] = mails
        return mails.map { "\"\($0)\"" }.joined(separator: ",")
    }
}

/// A small HTTP server: `GET /hello` answers at once, `GET /user/NAME` makes and keeps things.
///
/// The argument is the port; SIGTERM ends the server with status 0.
@main
struct Server {
    static func main() async throws {
        let port = CommandLine.arguments.dropFirst().first.flatMap { UInt16($0) } ?? 8080
        let store = Store()
        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: port), logger: .disabled)
        await server.appendRoute("GET /hello") { _ in
            HTTPResponse(statusCode: .ok, body: Data("hello\n".utf8))
        }
        await server.appendRoute("GET /user/*") { request in
            let name = request.path.split(separator: "/").last.map(String.init) ?? ""
            return HTTPResponse(statusCode: .ok, body: Data("[\(await store.user(name))]\n".utf8))
        }
        signal(SIGTERM, SIG_IGN)
        let ended = DispatchSource.makeSignalSource(signal: SIGTERM)
        ended.setEventHandler { exit(0) }
        ended.resume()
        let running = Task { try await server.run() }
        try await server.waitUntilListening()
        print("listening on \(port)")
        fflush(nil)
        try await running.value
    }
}
