// SPDX-License-Identifier: Apache-2.0

/// The header fields of a message, in the order in which they stood.
public struct RTSPHeaders: Hashable, Sendable {
    /// One field: its name as written, and its value without blanks at the ends.
    public struct Field: Hashable, Sendable {
        /// The name as written; names are compared without regard to case.
        public var name: String
        /// The value, unfolded.
        public var value: String

        /// Makes a field.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The fields in order.
    public private(set) var fields: [Field]

    /// Makes headers of fields.
    public init(_ fields: [Field] = []) {
        self.fields = fields
    }

    /// The value of the first field called `name`; setting replaces all of that name.
    public subscript(name: String) -> String? {
        get { fields.first { sameWord($0.name, name) }?.value }
        set {
            fields.removeAll { sameWord($0.name, name) }
            if let newValue { fields.append(Field(name: name, value: newValue)) }
        }
    }

    /// The values of all fields called `name`, in order.
    public func values(_ name: String) -> [String] {
        fields.filter { sameWord($0.name, name) }.map(\.value)
    }

    /// Adds a field at the end.
    public mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Lengthens the value of the last field by a folded line.
    mutating func continueLast(with text: String) {
        guard !fields.isEmpty else { return }
        fields[fields.count - 1].value += " " + text
    }

    /// Octets of the last field's value.
    var lastValueCount: Int { fields.last?.value.utf8.count ?? 0 }
}

extension RTSPHeaders: ExpressibleByDictionaryLiteral {
    /// Makes headers of names and values, in order.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Field(name: $0.0, value: $0.1) })
    }
}

extension RTSPHeaders.Field: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The field as a line; credentials and URLs' user information are left out.
    public var description: String {
        let secret = ["authorization", "proxy-authorization", "authentication-info"]
        if secret.contains(where: { sameWord($0, name) }) { return "\(name): (left out)" }
        return "\(name): \(RTSPURL.withoutCredentials(value))"
    }

    /// The same as `description`.
    public var debugDescription: String { description }

    /// Shows only `description`, so that a dump holds no credentials either.
    public var customMirror: Mirror { Mirror(self, children: ["field": description]) }
}
