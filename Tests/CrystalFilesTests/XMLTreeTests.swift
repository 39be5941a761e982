import CrystalFiles
import Foundation
import NumericalMethods
import Testing

@Suite("XML of instrument files") struct XMLTreeTests {
    private struct Element {
        var name: String
        var attributes: [String: String]
        var text: String
        var children: [Element]

        var count: Int { 1 + children.reduce(0) { $0 + $1.count } }

        static func escaped(_ text: String) -> String {
            text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
                .replacing("\"", with: "&quot;")
        }

        func written(_ random: inout RandomStream) -> String {
            let prefix = random.uniform() < 0.3 ? "ns:" : ""
            let own = attributes.sorted { $0.key < $1.key }.map { " \($0)=\"\(Self.escaped($1))\"" }.joined()
            if children.isEmpty, text.isEmpty, random.uniform() < 0.5 { return "<\(prefix)\(name)\(own)/>" }
            let comment = random.uniform() < 0.3 ? "<!-- <no> element -->" : ""
            let inner = children.map { $0.written(&random) }.joined()
            let words = random.uniform() < 0.2 ? "<![CDATA[\(text)]]>" : Self.escaped(text)
            return "<\(prefix)\(name)\(own)>\(comment)\(words)\(inner)</\(prefix)\(name)>"
        }
    }

    private static func element(_ random: inout RandomStream, depth: Int) -> Element {
        let words = ["", "1.5 2.5", "a<b & \"c\"", "θ"]
        return Element(
            name: "e\(random.index(below: 4))",
            attributes: random.uniform() < 0.5 ? ["unit": words[1 + random.index(below: 3)]] : [:],
            text: words[random.index(below: 4)],
            children: depth == 0
                ? [] : (0..<random.index(below: 4)).map { _ in element(&random, depth: depth - 1) })
    }

    private static func agrees(_ element: Element, _ tree: XMLTree, _ node: Int) -> Bool {
        let own = tree.nodes[node]
        return own.name == element.name && own.attributes == element.attributes && own.text == element.text
            && own.children.count == element.children.count
            && zip(element.children, own.children).allSatisfy { agrees($0, tree, $1) }
    }

    @Test(
        "names, attributes, texts and nesting come back, whatever prefixes, comments and entities stand around them"
    )
    func roundTrip() throws {
        var random = RandomStream(seed: 2)
        for _ in 0..<150 {
            let root = Self.element(&random, depth: 4)
            let text = "<?xml version=\"1.0\"?>\n" + root.written(&random)
            let tree = try #require(XMLTree(Array(text.utf8)), "\(text)")
            #expect(tree.nodes.count == root.count + 1)
            let top = try #require(tree.nodes[0].children.first)
            #expect(Self.agrees(root, tree, top), "\(text)")
            let all = (0..<4).reduce(0) { $0 + tree.descendants("e\($1)").count }
            #expect(all == root.count)
        }
    }

    @Test("what is not well nested, or cut short, is none")
    func refused() {
        let text = "<a><b x=\"1\">2</b><c/></a>"
        #expect(XMLTree(Array(text.utf8)) != nil)
        for count in 0..<text.utf8.count {
            #expect(XMLTree(Array(text.utf8.prefix(count))) == nil, "\(count)")
        }
        #expect(XMLTree(Array("<a></a></b>".utf8)) == nil)
    }

    @Test("numbers stand in an element's text or in its Value")
    func numbers() throws {
        let tree = try #require(
            XMLTree(Array("<s><w Value=\"1.5406\"/><t> 10.5 </t><i>1 2 3</i><j>1 x</j></s>".utf8)))
        #expect(tree.number("w") == 1.5406 && tree.number("t") == 10.5 && tree.number("none") == nil)
        #expect(tree.numbers(tree.descendants("i")[0]) == [1, 2, 3])
        #expect(tree.numbers(tree.descendants("j")[0]) == nil)
    }
}
