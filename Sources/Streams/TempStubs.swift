import RTP
import Octets
import Packets
import Timekeeping
import Measurements
struct StaticPayloadType { var codec = ""; var kind = 0; var clockRate: MediaClock.Rate?; init?(_ p: UInt8) { return nil } }
extension MediaKind { init(_ k: Int) { self = .other } }
struct PayloadGuess {}
struct ConnectionTable { init(limit: Int) {} }
extension Tracker {
    mutating func finishConnections() {}
    mutating func receive(_ s: TCPSegment, of: NetworkPacket, _ p: Span<UInt8>, at: Instant) {}
    mutating func receiveAnnouncement(_ p: Span<UInt8>, from: Endpoint) {}
    mutating func attendToCodec(_ i: Int, _ a: Arrival, _ p: Span<UInt8>) {}
    mutating func inspect(_ i: Int, _ p: Span<UInt8>) {}
    mutating func setResolution(_ i: Int, width: Int, height: Int) {}
}
extension StreamTotals { mutating func countKeyFrame(at: Int64) {} }
extension StreamReport { mutating func explainWhatIsUnknown() {} }
extension SenderClockReport { init(_ c: SenderClock) { self.init() } }
struct PictureFormat { var width = 0, height = 0; init?(transportStreamHead: Span<UInt8>, codec: String?) { return nil } }
