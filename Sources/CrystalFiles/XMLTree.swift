/// The elements of an XML text, enough for instrument files: no namespaces, no validation, no entities beyond
/// the five of XML.
package struct XMLTree {
    package struct Node {
        /// Without its namespace prefix.
        package var name: String
        package var attributes: [String: String] = [:]
        package var text = ""
        package var children: [Int] = []
    }

    package private(set) var nodes: [Node] = [Node(name: "")]

    /// nil for what is not well nested.
    package init?(_ bytes: [UInt8]) {
        var open = [0]
        var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        func index(of byte: UInt8, from start: Int) -> Int? {
            var i = start
            while i < bytes.count {
                if bytes[i] == byte { return i }
                i += 1
            }
            return nil
        }
        func end(of marker: [UInt8], from start: Int) -> Int? {
            var i = start
            while i + marker.count <= bytes.count {
                if bytes[i] == marker[0], bytes[i..<(i + marker.count)].elementsEqual(marker) {
                    return i + marker.count
                }
                i += 1
            }
            return nil
        }
        func begins(_ marker: StaticString, at start: Int) -> Bool {
            guard start + marker.utf8CodeUnitCount <= bytes.count else { return false }
            return (0..<marker.utf8CodeUnitCount).allSatisfy { bytes[start + $0] == marker.utf8Start[$0] }
        }
        while position < bytes.count {
            guard let start = index(of: UInt8(ascii: "<"), from: position) else { break }
            if start > position, open.count > 1, let last = open.last {
                nodes[last].text += Self.plain(bytes[position..<start])
            }
            if begins("<!--", at: start) {
                guard let next = end(of: Array("-->".utf8), from: start + 4) else { return nil }
                position = next
            } else if begins("<![CDATA[", at: start) {
                guard let next = end(of: Array("]]>".utf8), from: start + 9), let last = open.last else {
                    return nil
                }
                nodes[last].text += String(decoding: bytes[(start + 9)..<(next - 3)], as: UTF8.self)
                position = next
            } else {
                guard let close = index(of: UInt8(ascii: ">"), from: start) else { return nil }
                position = close + 1
                let tag = bytes[(start + 1)..<close]
                guard let first = tag.first, first != UInt8(ascii: "?"), first != UInt8(ascii: "!") else {
                    continue
                }
                if first == UInt8(ascii: "/") {
                    guard open.count > 1 else { return nil }
                    open.removeLast()
                    continue
                }
                guard open.count < 256, let parent = open.last else { return nil }
                nodes[parent].children.append(nodes.count)
                let isEmpty = tag.last == UInt8(ascii: "/")
                if !isEmpty { open.append(nodes.count) }
                nodes.append(Self.node(isEmpty ? tag.dropLast() : tag))
            }
        }
        guard open.count == 1, nodes.count > 1 else { return nil }
    }

    private static func node(_ tag: ArraySlice<UInt8>) -> Node {
        var rest = Substring(String(decoding: tag, as: UTF8.self))
        let name = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(name.count)
        var node = Node(name: local(name))
        while let equals = rest.firstIndex(of: "=") {
            let key = rest[..<equals].drop(while: \.isWhitespace)
            rest = rest[rest.index(after: equals)...].drop(while: \.isWhitespace)
            guard let quote = rest.first, quote == "\"" || quote == "'" else { break }
            let value = rest.dropFirst().prefix { $0 != quote }
            rest = rest.dropFirst(value.count + 2)
            node.attributes[local(key)] = plain(ArraySlice(value.utf8))
        }
        return node
    }

    private static func local(_ name: Substring) -> String {
        let parts = name.split(separator: ":")
        return parts.last.map { $0.filter { !$0.isWhitespace } } ?? ""
    }

    private static func plain(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.contains(UInt8(ascii: "&")) else { return text }
        return text.replacing("&lt;", with: "<").replacing("&gt;", with: ">")
            .replacing("&quot;", with: "\"").replacing("&apos;", with: "'").replacing("&amp;", with: "&")
    }

    /// All elements of this name below a node, in the file's order.
    package func descendants(_ name: String, of root: Int = 0) -> [Int] {
        var result: [Int] = []
        var stack = Array(nodes[root].children.reversed())
        while let node = stack.popLast() {
            if nodes[node].name == name { result.append(node) }
            stack += nodes[node].children.reversed()
        }
        return result
    }

    package func text(_ name: String, of root: Int = 0) -> String? {
        descendants(name, of: root).first.map { nodes[$0].text.filter { !$0.isNewline } }
    }

    /// The number in the element's text or its `Value` attribute.
    package func number(_ name: String, of root: Int = 0) -> Double? {
        guard let node = descendants(name, of: root).first else { return nil }
        let text = nodes[node].attributes["Value"] ?? nodes[node].text
        return TextNumber.double(text.filter { !$0.isWhitespace })
    }

    package func numbers(_ node: Int, separator: (Character) -> Bool = \.isWhitespace) -> [Double]? {
        let words = nodes[node].text.split(whereSeparator: separator)
        let values = words.compactMap { TextNumber.double($0.filter { !$0.isWhitespace }) }
        return values.count == words.count ? values : nil
    }
}
