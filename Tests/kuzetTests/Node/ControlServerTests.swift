// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization
import Testing

@testable import kuzet

@Suite struct ControlServerTests {
    private static func path(_ name: String) -> String {
        "/tmp/kuzet-control-\(getpid())-\(name).sock"
    }

    /// Asks from another thread while the server serves.
    private func ask(_ request: String, _ server: ControlServer, at path: String) -> String? {
        let found = Mutex<String??>(nil)
        let thread = NodeThread("asker") {
            let answer = ControlClient.ask(request, at: path).answer
            found.withLock { $0 = .some(answer) }
        }
        var rounds = 0
        while found.withLock({ $0 == nil }), rounds < 500 {
            server.serve(waitingMilliseconds: 10) { "you said \($0)" }
            rounds += 1
        }
        thread?.join()
        return found.withLock { $0 ?? nil }
    }

    @Test func `a line is answered and the answer ends with the connection`() throws {
        let path = Self.path("line")
        let server = try ControlServer(path: path)
        defer { server.close() }
        #expect(ask("status", server, at: path) == "you said status")
        #expect(ask("camera school-1", server, at: path) == "you said camera school-1")
        var status = stat()
        #expect(unsafe stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o660)
    }

    @Test func `a request without an end is ended without an answer`() throws {
        let path = Self.path("long")
        let server = try ControlServer(path: path)
        defer { server.close() }
        #expect(ask(String(repeating: "x", count: 1_000), server, at: path)?.isEmpty ?? true)
        // Others are answered all the same.
        #expect(ask("a", server, at: path) == "you said a")
    }

    @Test func `a socket left by a node that was killed is taken over and a live one is not`()
        throws
    {
        let path = Self.path("left")
        let first = try ControlServer(path: path)
        #expect(throws: Refusal.self) { _ = try ControlServer(path: path) }
        first.close()
        #expect(unsafe access(path, F_OK) != 0)
        let descriptor = unsafe open(path, O_CREAT | O_WRONLY, 0o600)
        close(descriptor)
        let second = try ControlServer(path: path)
        #expect(ask("b", second, at: path) == "you said b")
        second.close()
    }

    @Test func `where nobody answers the reason is said`() {
        let (answer, fault) = ControlClient.ask("status", at: "/tmp/kuzet-no-such.sock")
        #expect(answer == nil)
        #expect(
            fault == "/tmp/kuzet-no-such.sock: no node answers there: No such file or directory")
    }

    @Test func `a path that no socket can have is refused`() {
        let path = "/tmp/" + String(repeating: "k", count: 120)
        #expect(throws: Refusal.self) { _ = try ControlServer(path: path) }
    }
}
