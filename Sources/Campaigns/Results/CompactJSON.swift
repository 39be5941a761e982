/// JSON values as a command printed them, on one line each and to the last digit as they were: nothing is read into
/// numbers and written again.
package enum CompactJSON {
    private static let blanks = Set(" \t\r\n".utf8)

    /// nil where the text is no row of objects and arrays.
    package static func values(in text: [UInt8]) -> [String]? {
        var result: [String] = []
        var value: [UInt8] = []
        var (depth, isQuoted, isEscaped) = (0, false, false)
        for byte in text {
            if !isQuoted && blanks.contains(byte) { continue }
            value.append(byte)
            if isQuoted {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isQuoted = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isQuoted = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                guard depth >= 0 else { return nil }
                if depth == 0 {
                    result.append(String(decoding: value, as: UTF8.self))
                    value = []
                }
            default: break
            }
            guard depth > 0 || value.isEmpty else { return nil }
        }
        return value.isEmpty ? result : nil
    }

    /// Numbers, truths and texts of an object, those of the objects in it under `outer.inner`; lists are left out.
    ///
    /// - Parameters:
    ///   - value: as `values` gives it.
    ///   - depth: of objects in objects.
    package static func scalars(of value: String, depth: Int = 2) -> [(key: String, text: String)] {
        var reader = Reader(bytes: Array(value.utf8))
        var result: [(key: String, text: String)] = []
        reader.object(prefix: "", depth: depth) { result.append(($0, $1)) }
        return result
    }

    private struct Reader {
        let bytes: [UInt8]
        var place = 0

        mutating func object(prefix: String, depth: Int, _ found: (String, String) -> Void) {
            guard take("{") else { return }
            while place < bytes.count, !take("}") {
                _ = take(",")
                let key = prefix + string()
                guard take(":"), place < bytes.count else { return }
                switch bytes[place] {
                case UInt8(ascii: "{"):
                    if depth > 1 { object(prefix: key + ".", depth: depth - 1, found) } else { skip() }
                case UInt8(ascii: "["): skip()
                case UInt8(ascii: "\""): found(key, string())
                default:
                    let start = place
                    while place < bytes.count, !",}".utf8.contains(bytes[place]) { place += 1 }
                    let text = String(decoding: bytes[start..<place], as: UTF8.self)
                    if text != "null" { found(key, text) }
                }
            }
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
            place += 1
            return true
        }

        /// Behind its end quote; escapes of one letter and \u of the first plane are read.
        private mutating func string() -> String {
            guard take("\"") else {
                place += 1
                return ""
            }
            var text: [UInt8] = []
            while place < bytes.count, !take("\"") {
                if take("\\"), place < bytes.count {
                    escape(into: &text)
                } else {
                    text.append(bytes[place]); place += 1
                }
            }
            return String(decoding: text, as: UTF8.self)
        }

        private mutating func escape(into text: inout [UInt8]) {
            let letter = bytes[place]
            place += 1
            switch letter {
            case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): text.append(UInt8(ascii: " "))
            case UInt8(ascii: "u"):
                let digits = String(decoding: bytes[place..<min(place + 4, bytes.count)], as: UTF8.self)
                place = min(place + 4, bytes.count)
                let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
                text += Array(String(scalar).utf8)
            default: text.append(letter)
            }
        }

        /// An object or a list.
        private mutating func skip() {
            var (depth, isQuoted) = (0, false)
            while place < bytes.count {
                let byte = bytes[place]
                place += 1
                if isQuoted {
                    if byte == UInt8(ascii: "\\") { place += 1 }
                    if byte == UInt8(ascii: "\"") { isQuoted = false }
                    continue
                }
                if byte == UInt8(ascii: "\"") { isQuoted = true }
                if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
                if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { depth -= 1 }
                if depth == 0 { return }
            }
        }
    }
}
