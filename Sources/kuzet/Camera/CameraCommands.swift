// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Checks
import RTSP
import Registry
import Settings

/// What asks cameras, one at a time.
struct CameraCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "camera", abstract: "Asks cameras directly.",
        subcommands: [CameraCheckCommand.self, CameraRetryCommand.self])
}

/// `kuzet camera retry ID`: a camera that a running node left alone.
struct CameraRetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Has a running node try a camera again that it left alone.",
        discussion: """
            After two refused logins a node leaves a device alone, because cameras lock accounts. \
            Mend the credentials first: `kuzet reload` takes new ones and tries again by itself.
            """)

    @OptionGroup var node: NodeArguments

    @Argument(help: "The camera, as the registry calls it.")
    var camera: String

    func run() throws {
        try Messages.refusing {
            let answer = try node.ask("retry \(camera)")
            guard !answer.hasPrefix("no such camera") else {
                throw Refusal(String(answer.dropLast()))
            }
            Messages.say("kuzet: \(answer.dropLast())")
        }
    }
}

/// `kuzet camera check URL`: one camera by every method.
struct CameraCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tries one camera by every method and says what it found.",
        discussion: """
            Opens one session at a time and ends it before the next. Stops when the login is \
            refused twice, because cameras lock accounts. Ends with 0 if any method gave video, \
            with 1 if none did, with 2 if the question is no question.
            """)

    @Argument(help: "The stream's URL without name and password: rtsp, rtsps, http or https.")
    var url: String

    @OptionGroup var login: LoginArguments

    @Option(
        help: "How long each method is measured.", transform: DurationArgument.parse)
    var `for` = DurationArgument(nanoseconds: 5_000_000_000)

    @Option(help: "Methods to try: udp, tcp, multicast, http, multipart; all that fit by default.")
    var method: [CameraMethod] = []

    @Option(help: "Networks that may be dialled, as in 10.20.0.0/16; the URL's host by default.")
    var allow: [String] = []

    @Option(help: "Port of RTSP through HTTP; the URL's by default, or 80.")
    var tunnelPort: UInt16?

    @Option(help: "Port of the device's own web service, for ONVIF and PSIA.")
    var devicePort: UInt16 = 80

    @Option(
        help: "File of authorities that sign cameras' certificates, in place of the system's.",
        completion: .file())
    var authorities: String?

    @Flag(help: "Asks for video alone: no echo, no certificate, no device service.")
    var videoOnly = false

    @Flag(help: "Lets the password be sent as it is where the camera knows nothing better.")
    var allowBasic = false

    @Flag(help: "Refuses certificates that are not in order; most cameras sign their own.")
    var verify = false

    @Flag(help: "Passes over addresses in answers that are not the camera's, as behind NAT.")
    var behindNat = false

    @Option(help: "table or json.")
    var format = CameraCheckFormat.table

    func validate() throws {
        guard (1_000_000_000...3600_000_000_000).contains(self.for.nanoseconds) else {
            throw ValidationError("--for: expected 1s to 1h")
        }
    }

    func run() throws {
        try Messages.refusing {
            let status = try CameraCheck(try question()).run(format)
            if status != 0 { throw ExitCode(status) }
        }
    }

    /// What the arguments ask, checked.
    func question() throws -> CameraQuestion {
        guard let url = try? RTSPURL(parsing: url),
            StreamURL.defaultPort(of: url.scheme) != nil
        else { throw Refusal("the URL is none of rtsp, rtsps, http or https") }
        guard !url.hadCredentials else {
            throw Refusal("the URL holds a name or password; give --user and --password-file")
        }
        guard let host = try? Host(parsing: url.host) else {
            throw Refusal("the URL names no host")
        }
        let allowed: AllowedAddresses
        do {
            allowed =
                try AllowedAddresses(given: allow)
                ?? AllowedAddresses(only: try Resolver.addresses(of: host))
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal("\(host): the name is not known")
        }
        var question = CameraQuestion(
            url: url, allowed: allowed, nanoseconds: self.for.nanoseconds,
            methods: method.isEmpty ? CameraMethod.fitting(url) : method)
        question.credentials = try login.credentials()
        question.allowsBasic = allowBasic
        question.verifies = verify
        question.ignoresForeignAddresses = behindNat
        question.tunnelPort = tunnelPort
        question.asksDevice = !videoOnly
        question.devicePort = devicePort
        question.authorities = authorities
        return question
    }
}

extension AllowedAddresses {
    /// The networks that the command line names; nil if it names none.
    init?(given texts: [String]) throws {
        guard !texts.isEmpty else { return nil }
        do throws(ValueFault) {
            var prefixes: [AddressPrefix] = []
            for text in texts { prefixes.append(try AddressPrefix(parsing: text)) }
            self.init(prefixes)
        } catch {
            throw Refusal("--allow: \(error.what); expected \(error.expected)")
        }
    }
}

/// How a check answers.
enum CameraCheckFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}

/// A way to have a camera's video.
enum CameraMethod: String, ExpressibleByArgument, CaseIterable {
    case udp, tcp, multicast, http, multipart

    /// Those that a URL of that scheme allows, the gentlest first.
    static func fitting(_ url: RTSPURL) -> [CameraMethod] {
        switch url.scheme {
        case "http", "https": [.multipart]
        case "rtsps": [.tcp, .udp]
        default: [.udp, .tcp, .multicast, .http]
        }
    }

    /// Its name in the answer.
    func title(isSecure: Bool) -> String {
        let name =
            switch self {
            case .udp: "rtsp-udp"
            case .tcp: "rtsp-tcp"
            case .multicast: "rtsp-multicast"
            case .http: "rtsp-http"
            case .multipart: "http-multipart"
            }
        guard isSecure else { return name }
        return self == .multipart
            ? "https-multipart" : self == .http ? "rtsp-https" : "rtsps-\(self)"
    }
}

/// What is asked of one camera.
struct CameraQuestion {
    var url: RTSPURL
    var allowed: AllowedAddresses
    var nanoseconds: Int64
    var methods: [CameraMethod]
    var credentials: Digest.Credentials?
    var allowsBasic = false
    var verifies = false
    var ignoresForeignAddresses = false
    var tunnelPort: UInt16?
    var asksDevice = true
    var devicePort: UInt16 = 80
    var authorities: String?

    /// The pull of one method.
    func request(_ method: CameraMethod) -> PullRequest {
        var request = PullRequest(
            url: url, allowed: allowed, credentials: credentials, hash: digestHash)
        switch method {
        case .udp: request.deliveries = [.udp]
        case .tcp: request.deliveries = [.interleaved]
        case .multicast: request.deliveries = [.multicast]
        case .http: request.way = .tunnel
        case .multipart: request.way = .multipart
        }
        request.allowsBasic = allowsBasic
        request.verifiesCertificate = verifies
        request.ignoresForeignAddresses = ignoresForeignAddresses
        request.tunnelPort = tunnelPort
        return request
    }
}
