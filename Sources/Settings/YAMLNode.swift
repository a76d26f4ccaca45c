// SPDX-License-Identifier: Apache-2.0
import Registry

/// What a YAML file says, every part with its place.
indirect enum YAMLNode {
    /// A text; what it means is for the schema to say, not for how it looks.
    case text(FieldValue)
    /// A list.
    case list([YAMLNode], at: SourcePlace)
    /// Keys and values.
    case mapping(YAMLMapping)

    var place: SourcePlace {
        switch self {
        case .text(let value): value.place
        case .list(_, let place): place
        case .mapping(let mapping): mapping.place
        }
    }

    /// What it is, for messages.
    var kind: String {
        switch self {
        case .text: "a text"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// Keys and values in the order of the file, each key once.
struct YAMLMapping {
    struct Entry {
        let key: String
        let place: SourcePlace
        let value: YAMLNode
    }

    let entries: [Entry]
    let place: SourcePlace

    subscript(key: String) -> Entry? { entries.first { $0.key == key } }
}

/// One field's text and where it stands.
struct FieldValue {
    let text: String
    let place: SourcePlace
    /// Whether it stands in quotes: `"~"` is a text, `~` is nothing.
    var isQuoted = false

    /// Whether it says that there is no value.
    var isNothing: Bool { !isQuoted && (text.isEmpty || text == "~" || text == "null") }
}
