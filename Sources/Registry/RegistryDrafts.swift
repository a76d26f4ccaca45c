// SPDX-License-Identifier: Apache-2.0

/// A value that a file holds, with the places of its fields, so that what is wrong about it can be
/// said where it is written.
public struct Drafted<Value: Sendable>: Sendable {
    /// The value.
    public let value: Value
    /// Where it begins.
    public let place: SourcePlace
    /// Where its fields stand.
    public let fields: FieldPlaces

    /// Makes a draft.
    public init(_ value: Value, at place: SourcePlace, fields: FieldPlaces = .unknown) {
        self.value = value
        self.place = place
        self.fields = fields
    }

    /// Where the field `name` stands, or else where the value begins.
    public func place(of name: String) -> SourcePlace { fields.place(of: name, from: place) }
}

/// Where the fields of one value stand.
public enum FieldPlaces: Sendable {
    /// Nobody knows.
    case unknown
    /// Each on its own place: a mapping of YAML.
    case places([String: SourcePlace])
    /// All on the line of the value, at these columns: a row of CSV. The names are shared by all
    /// rows; a column of 0 is unknown.
    case columns(names: [String], SIMD16<UInt16>)

    /// Where the field `name` stands as far as this knows alone: not in a row, whose line it does
    /// not know.
    public func place(of name: String) -> SourcePlace? {
        if case .places(let places) = self { places[name] } else { nil }
    }

    func place(of name: String, from place: SourcePlace) -> SourcePlace {
        switch self {
        case .unknown: return place
        case .places(let places): return places[name] ?? place
        case .columns(let names, let columns):
            guard let index = names.firstIndex(of: name), index < columns.scalarCount,
                columns[index] > 0
            else { return place }
            return SourcePlace(
                file: place.file, line: Int(place.line), column: Int(columns[index]))
        }
    }
}

/// All that the files of a registry hold, each value well formed by itself, not yet held against
/// the others.
public struct RegistryDrafts: Sendable {
    /// Parties as written.
    public var parties: [Drafted<Party>] = []
    /// Agreements as written.
    public var agreements: [Drafted<Agreement>] = []
    /// Sites as written.
    public var sites: [Drafted<Site>] = []
    /// Channels as written.
    public var channels: [Drafted<Channel>] = []
    /// Cameras as written.
    public var cameras: [Drafted<Camera>] = []

    /// Kinds of which not all could be read: that something of them is missing, or leads nowhere, is
    /// then no news.
    public var partial: Set<RegistryKind> = []

    /// Makes empty drafts.
    public init() {}

    /// Makes drafts of values that no file holds; places are those of `file`, line by line.
    public init(
        parties: [Party], agreements: [Agreement] = [], sites: [Site], channels: [Channel],
        cameras: [Camera], file: String = "registry"
    ) {
        self.parties = RegistryDrafts.drafted(parties, file: file + "/parties")
        self.agreements = RegistryDrafts.drafted(agreements, file: file + "/agreements")
        self.sites = RegistryDrafts.drafted(sites, file: file + "/sites")
        self.channels = RegistryDrafts.drafted(channels, file: file + "/channels")
        self.cameras = RegistryDrafts.drafted(cameras, file: file + "/cameras")
    }

    private static func drafted<Value>(_ values: [Value], file: String) -> [Drafted<Value>] {
        values.enumerated().map { index, value in
            Drafted(value, at: SourcePlace(file: file, line: index + 1))
        }
    }
}
