// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Capture
import Glibc
import Ledger
import Measurements
import Packets
import Registry
import Timekeeping

/// `kuzet replay`: what captures show of registered cameras goes into a ledger.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Measures captures and keeps what they show of registered cameras in a ledger.",
        discussion: """
            Every capture is measured as `kuzet analyze` measures it; each interval of each \
            registered camera is judged and kept. Captures of different times make a history. \
            Giving a capture again changes nothing.

            Examples:
              kuzet replay monday.pcap tuesday.pcapng --registry registry --ledger site.ledger
              kuzet account --registry registry --ledger site.ledger --period 2026-10
            """)

    @Argument(help: "pcap or pcapng files, compressed or not.", completion: .file())
    var files: [String]

    @OptionGroup var keeping: KeepingArguments

    @Option(help: "Which cameras are silent when nothing of them comes: those seen, or all.")
    var watch = CaptureObserver.Watch.seen

    @Option(help: "The vantage: from where was captured. (default: the file's name)")
    var vantage: String?

    @Flag(help: "Where a file is damaged, search for the next whole record.")
    var salvage = false

    func run() throws {
        try Messages.refusing {
            let registry = try keeping.openRegistry()
            let ledger = try keeping.openLedger(.readWrite)
            let keeper = Bookkeeper(ledger, registry)
            for file in files { try replay(file, registry, keeper) }
            try ledger.close()
        }
    }

    private func replay(_ file: String, _ registry: Registry, _ keeper: Bookkeeper) throws {
        let vantage = try vantageID(of: file)
        let observer = CaptureObserver(registry, watch: watch)
        var cameras: Set<CameraID> = []
        var kept = 0
        func keep() throws {
            let observed = observer.take()
            guard !observed.isEmpty else { return }
            cameras.formUnion(observed.map(\.camera))
            kept += observed.count
            try keeper.append(
                observed.map {
                    NewObservation(
                        camera: $0.camera, vantage: vantage, observation: $0.observation)
                })
        }
        do {
            var capture = try CaptureFile(path: file, salvage: salvage)
            while try capture.read({ observer.receive($0, $1) }) { try keep() }
            for note in capture.tally.notes { Messages.say("\(file):\(note)") }
        } catch let error as CaptureFileError {
            guard observer.packets > 0 else { throw Refusal(error.description) }
            // What came before the trouble is still true.
            Messages.say(error.description)
        }
        observer.finish()
        try keep()
        let sink = ByteSink(descriptor: STDOUT_FILENO)
        sink.write(
            "\(file): \(observer.packets) packets, \(kept) measurements of \(cameras.count)"
                + " cameras kept as seen from \(vantage)\n")
        for name in observer.unregistered.sorted() {
            sink.write("  unregistered: \(PrintableText.shown(name, ascii: false))\n")
        }
        for (name, claimants) in observer.ambiguous.sorted(by: { $0.key < $1.key }) {
            let list = claimants.map(\.text).joined(separator: ", ")
            sink.write(
                "  claimed by several cameras, kept for none:"
                    + " \(PrintableText.shown(name, ascii: false)) (\(list))\n")
        }
        sink.flush()
    }

    /// The vantage as asked for, or the file's name with whatever an id cannot hold left out.
    private func vantageID(of file: String) throws -> VantageID {
        if let vantage {
            guard let id = VantageID(vantage) else {
                throw Refusal(
                    "--vantage: \(vantage.prefix(64).debugDescription) is no vantage"
                        + " (expected 1 to 64 of a-z, 0-9, . / : -)")
            }
            return id
        }
        let name = file.split(separator: "/").last.map(String.init) ?? "capture"
        let allowed = name.lowercased().map { character in
            character.isASCII && (character.isLetter || character.isNumber || character == ".")
                ? character : "-"
        }
        return VantageID("capture/" + String(allowed.prefix(50))) ?? VantageID("capture")
            ?? { preconditionFailure("capture is a vantage") }()
    }
}

extension CaptureObserver.Watch: ExpressibleByArgument {}
