// SPDX-License-Identifier: Apache-2.0
public import Agreements
public import Registry
public import Timekeeping

/// What a statement is made from: all of it values, so that the same sources give the same bytes.
public struct StatementSources {
    /// Who and what.
    public var registry: Registry
    /// What was judged by.
    public var rules: JudgingRules
    /// The period as it was asked for, such as `2026-10`.
    public var periodName: String
    /// The system's zone, whose calendar the period follows.
    public var zone: ZoneRules
    /// The account of the period, of every camera.
    public var account: Account
    /// The account of the period before; nil if there is none.
    public var previous: Account?
    /// What was measured of a camera in the period; nil if nothing was.
    public var quality: (CameraID) -> Statement.QualityFigures?
    /// Events of the journal in the period, in order of time.
    public var events: [JournalEvent]
    /// Who reads the report.
    public var recipient: Statement.Recipient
    /// When the report is made: tells only whether the period is over.
    public var madeAt: Instant
    /// Everything measured before this moment has been kept; nil if nothing was.
    public var dataCompleteUntil: Instant?
    /// Version of the program.
    public var softwareVersion: String

    /// An event of the journal, as far as a report tells of it.
    public struct JournalEvent: Hashable, Sendable {
        /// What happened, and when.
        public var line: Statement.EventLine
        /// What it was about; those with limited sight see only what is about their own.
        public var scope: Scope?

        /// Makes an event.
        public init(line: Statement.EventLine, scope: Scope?) {
            self.line = line
            self.scope = scope
        }
    }

    /// Makes sources without a previous period and without journal events.
    public init(
        registry: Registry, rules: JudgingRules, periodName: String, zone: ZoneRules,
        account: Account, recipient: Statement.Recipient, madeAt: Instant,
        dataCompleteUntil: Instant?, softwareVersion: String,
        quality: @escaping (CameraID) -> Statement.QualityFigures?
    ) {
        self.registry = registry
        self.rules = rules
        self.periodName = periodName
        self.zone = zone
        self.account = account
        self.quality = quality
        events = []
        self.recipient = recipient
        self.madeAt = madeAt
        self.dataCompleteUntil = dataCompleteUntil
        self.softwareVersion = softwareVersion
    }
}

/// What a recipient may see of the registry.
///
/// A network operator sees its channels and the cameras behind them; a subscriber its sites and
/// their cameras, and of a channel no more than that its own cameras went down with it.
struct Sight {
    let recipient: Statement.Recipient
    let registry: Registry
    private let cameras: Set<CameraID>
    private let sites: Set<SiteID>

    init(_ recipient: Statement.Recipient, _ registry: Registry) {
        self.recipient = recipient
        self.registry = registry
        var seen: [Camera] = []
        switch recipient {
        case .coordinator, .technicalOperator: break
        case .networkOperator(let party): seen = registry.cameras(ofOperator: party)
        case .subscriber(let party): seen = registry.cameras(ofSubscriber: party)
        }
        cameras = Set(seen.map(\.id))
        sites = Set(seen.map(\.site))
    }

    func sees(_ camera: CameraID) -> Bool { recipient.seesAll || cameras.contains(camera) }

    func sees(_ site: SiteID) -> Bool {
        switch recipient {
        case .coordinator, .technicalOperator: true
        case .networkOperator: false
        case .subscriber(let party): registry.site(site)?.subscriber == party
        }
    }

    func sees(_ channel: ChannelID) -> Bool {
        switch recipient {
        case .coordinator, .technicalOperator: true
        case .networkOperator(let party): registry.channel(channel)?.operator == party
        case .subscriber: false
        }
    }

    func sees(_ party: PartyID) -> Bool {
        recipient.seesAll || recipient.party == party
    }

    /// Whether a scope covers anything that the recipient sees.
    func touches(_ scope: Scope) -> Bool {
        switch scope {
        case .all: true
        case .camera(let id): sees(id)
        case .site(let id): sees(id) || sites.contains(id)
        case .channel(let id):
            sees(id) || registry.cameras(ofChannel: id).contains { cameras.contains($0.id) }
        case .party(let id):
            sees(id)
                || (registry.cameras(ofOperator: id) + registry.cameras(ofSubscriber: id))
                    .contains { cameras.contains($0.id) }
        }
    }
}

extension Scope {
    /// How a report names it: `camera:ID`, `site:ID`, `channel:ID`, `party:ID`, `all`.
    var reportText: String {
        switch self {
        case .all: "all"
        case .camera(let id): "camera:" + id.text
        case .site(let id): "site:" + id.text
        case .channel(let id): "channel:" + id.text
        case .party(let id): "party:" + id.text
        }
    }
}
