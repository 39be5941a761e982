import Foundation
import NumericalMethods
import Symmetry

/// Writes extinction symbols as ITA does: the centring, then for each symmetry direction the glide plane or screw axis that
/// extinguishes, `-` where nothing does (ITA A, 3.1.4). A screw whose row a glide plane extinguishes already is not written.
enum ExtinctionSymbolText {
    /// One for each Laue class that writes it differently, the highest class first.
    static func texts(of settings: [SpaceGroup]) -> [String] {
        let classes = Dictionary(grouping: settings, by: \.laueClass).values.compactMap { group in
            group.map(\.order).max().map { (order: $0, settings: group) }
        }.sorted { ($0.order, $0.settings[0].hallNumber) > ($1.order, $1.settings[0].hallNumber) }
        var texts: [String] = []
        for part in classes {
            let text = written(part.settings)
            if !texts.contains(text) { texts.append(text) }
        }
        return texts
    }

    private static func written(_ settings: [SpaceGroup]) -> String {
        let first = settings[0]
        guard first.crystalFamily != .triclinic else { return "\(first.centring.rawValue) -" }
        let entries = settings.map { Self.entries($0) }
        var directions = (0..<(entries.map(\.count).max() ?? 0)).map { direction in
            entries.map { direction < $0.count ? $0[direction] : Element(rotation: "1", glide: "") }
        }
        // Rhombohedral symbols have two directions, a third one would be empty.
        if first.centring == .R || first.hasRhombohedralAxes { directions = Array(directions.prefix(2)) }
        let isOrthorhombic = first.crystalFamily == .orthorhombic
        let ambiguous = directions.filter { glides($0).count > 1 }.count
        let parts = directions.enumerated().map { direction, elements -> String in
            let letters = glides(elements)
            // C 1 n 1 is another name of C 1 c 1; of I m m a and I m m b both letters are written.
            let glide =
                letters.count > 1 && isOrthorhombic && ambiguous == 1
                ? "(\(letters.sorted().joined()))" : letters.first ?? ""
            let screw = Self.screw(elements)
            let row = first.axis(ofDirection: direction)
            let isSaid = screw.isEmpty || row.map { isImplied($0, screw, in: settings) } ?? true
            switch (isSaid ? "" : screw, glide) {
            case ("", ""): return isEmptyDirection(elements, first) ? "1" : "-"
            case ("", let glide): return glide
            case (let screw, ""): return screw
            case (let screw, let glide): return "\(screw)/\(glide)"
            }
        }
        return ([first.centring.rawValue] + parts).joined(separator: " ")
    }

    /// What stands in one direction of a symbol.
    private struct Element {
        /// `21`, `-4`, `2`; empty for a plane alone.
        var rotation: String
        /// `n`; empty for a mirror or none.
        var glide: String
    }

    private static func entries(_ group: SpaceGroup) -> [Element] {
        let words = group.fullSymbol.split(separator: " ").dropFirst().map(String.init)
        var elements = words.map { word -> Element in
            let parts = word.replacing("_", with: "").split(separator: "/").map(String.init)
            let plane = parts.first { $0.first?.isLetter == true } ?? ""
            return Element(
                rotation: parts.first { $0.first?.isLetter == false } ?? "", glide: plane == "m" ? "" : plane)
        }
        // Point groups of one direction (P 4, P 63/m, R 3) write nothing for the others.
        let count = 3
        while elements.count < count { elements.append(Element(rotation: "", glide: "")) }
        return elements
    }

    /// Glide letters that stand in this direction of some symbols, where none has a mirror or nothing there.
    private static func glides(_ elements: [Element]) -> [String] {
        guard elements.allSatisfy({ !$0.glide.isEmpty }) else { return [] }
        var letters: [String] = []
        for element in elements where !letters.contains(element.glide) { letters.append(element.glide) }
        return letters
    }

    /// The screw axis that all have in this direction, of two hands the lower one.
    private static func screw(_ elements: [Element]) -> String {
        let hands = ["43": "41", "32": "31", "64": "62", "65": "61"]
        let names = Set(elements.map { hands[$0.rotation] ?? $0.rotation })
        guard names.count == 1, let name = names.first, name.count == 2, name.first != "-" else { return "" }
        return name
    }

    /// Whether the row along an axis is extinguished as a screw would, by centring and glide planes alone.
    private static func isImplied(_ axis: SIMD3<Int>, _ screw: String, in settings: [SpaceGroup]) -> Bool {
        let planes = settings[0].operations.filter {
            $0.rotation == .identity || ($0.rotation.determinant == -1 && $0.rotation.trace == 1)
        }
        let conditions = ReflectionConditions(operations: planes)
        return (1...12).allSatisfy { n in
            let h = axis &* n
            return ReflectionConditions(settings[0]).isAbsent(h) == conditions.isAbsent(h)
        }
    }

    private static func isEmptyDirection(_ elements: [Element], _ group: SpaceGroup) -> Bool {
        group.crystalFamily == .monoclinic && elements.allSatisfy { $0.rotation == "1" }
    }
}

extension SpaceGroup {
    /// The row along a symmetry direction of the symbol; nil where the symbol has none that could be a screw axis.
    fileprivate func axis(ofDirection direction: Int) -> SIMD3<Int>? {
        let (x, y, z) = (SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))
        switch crystalFamily {
        case .monoclinic, .orthorhombic: return [x, y, z][direction]
        case .tetragonal: return [z, x, nil][direction]
        case .hexagonal: return hasRhombohedralAxes || centring == .R ? nil : [z, nil, nil][direction]
        case .cubic: return [x, nil, nil][direction]
        case .triclinic: return nil
        }
    }
}
