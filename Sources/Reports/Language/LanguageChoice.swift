// SPDX-License-Identifier: Apache-2.0
import Registry

extension Language {
    /// The one of three that is in this language.
    func choose<Value>(kk: Value, ru: Value, en: Value) -> Value {
        switch self {
        case .kazakh: kk
        case .russian: ru
        case .english: en
        }
    }
}
