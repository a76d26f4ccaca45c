import ArgumentParser
import Capture
import Streams
import Measurements
struct ProbeTemp: ParsableCommand {
    @Argument var file: String
    func run() throws {
        var tracker = Tracker()
        var capture = try CaptureFile(path: file)
        while try capture.read({ tracker.receive(window: $0, records: $1) }) {}
        tracker.finish()
        var n = 0
        var lost: UInt64 = 0, recv: UInt64 = 0, dup: UInt64 = 0, late: UInt64 = 0
        for i in 0..<tracker.streamCount { if let r = tracker.report(stream: i) { n += 1; lost += r.total.packets.lost; recv += r.total.packets.received; dup += r.total.packets.duplicate; late += r.total.packets.late } }
        print(n, recv, lost, dup, late)
        for f in tracker.faults { print(f) }
    }
}
