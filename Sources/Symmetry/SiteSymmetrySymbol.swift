import NumericalMethods

/// Oriented site-symmetry symbols (ITA Vol. A, 2.1.3.12): one place for each set of symmetry directions of the
/// crystal system, a dot where the site has no symmetry along it, as `.m.`, `mm2..`, `.-3m`.
enum SiteSymmetrySymbol {
    /// The sets of equivalent symmetry directions of a setting, in the order of Hermann–Mauguin symbols.
    static func directionSets(
        system: CrystalSystem, hasRhombohedralAxes: Bool, centring: Centring
    ) -> [[SIMD3<Int>]] {
        let (a, b, c) = (SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))
        switch system {
        case .triclinic, .monoclinic: return []
        case .orthorhombic: return [[a], [b], [c]]
        case .tetragonal: return [[c], [a, b], [SIMD3(1, 1, 0), SIMD3(1, -1, 0)]]
        case .trigonal, .hexagonal:
            if hasRhombohedralAxes {
                return [[SIMD3(1, 1, 1)], [SIMD3(1, -1, 0), SIMD3(0, 1, -1), SIMD3(-1, 0, 1)]]
            }
            let secondary = [a, b, SIMD3(-1, -1, 0)]
            let tertiary = [SIMD3(1, -1, 0), SIMD3(1, 2, 0), SIMD3(-2, -1, 0)]
            return centring == .R ? [[c], secondary] : [[c], secondary, tertiary]
        case .cubic:
            return [
                [a, b, c], [SIMD3(1, 1, 1), SIMD3(1, -1, -1), SIMD3(-1, 1, -1), SIMD3(-1, -1, 1)],
                [
                    SIMD3(1, -1, 0), SIMD3(1, 1, 0), SIMD3(0, 1, -1), SIMD3(0, 1, 1), SIMD3(-1, 0, 1),
                    SIMD3(1, 0, 1),
                ],
            ]
        }
    }

    /// nil if the rotations are no point group.
    static func symbol(of rotations: [IntegerMatrix3], directionSets: [[SIMD3<Int>]]) -> String? {
        guard let pointGroup = PointGroup(distinct: rotations) else { return nil }
        if directionSets.isEmpty || ["1", "-1"].contains(pointGroup.symbol) { return pointGroup.symbol }
        let isCubicSystem = directionSets[0].count == 3
        let turns = rotations.compactMap(Turn.init)
        let elements = directionSets.map { set in
            let present = set.compactMap { direction in
                element(along: direction, turns).map { (direction: direction, element: $0) }
            }
            let first = classes(of: present.map(\.direction), rotations)
            return present.filter { first.contains($0.direction) }.map(\.element)
                .sorted { $0.precedes($1, inCubicSystem: isCubicSystem) }
        }
        let count = elements.reduce(0) { $0 + $1.count }
        let isCubic = ["23", "m-3", "432", "-43m", "m-3m"].contains(pointGroup.symbol)
        return elements.map { set in
            set.isEmpty ? "." : set.map { $0.text(isAlone: count == 1, isCubic: isCubic) }.joined()
        }.joined()
    }

    /// The symmetry along one direction: rotation about it and mirror across it.
    private struct Element {
        /// Of the rotation, 1 for none.
        var order: Int
        /// Of the rotoinversion, 3, 4 or 6; 0 for none.
        var rotoinversion = 0
        var hasMirror = false

        /// Axes of higher order stand before others of the same set, `4m.m`; ITA puts mirrors before twofold axes in
        /// the cubic system, `mm2..`, and after them elsewhere, `m.2m`; equal ones keep the order of directions.
        func precedes(_ other: Element, inCubicSystem: Bool) -> Bool {
            func rank(_ element: Element) -> Int {
                let highest = max(element.order, element.rotoinversion)
                return highest > 2 ? highest : inCubicSystem == (highest == 1) ? 1 : 0
            }
            return rank(self) > rank(other)
        }

        func text(isAlone: Bool, isCubic: Bool) -> String {
            if rotoinversion == 3 || rotoinversion > order { return "-\(rotoinversion)" }
            if order == 1 { return "m" }
            guard hasMirror else { return "\(order)" }
            // In symbols of several places 2/m is shortened to m, and so is 4/m in the cubic ones.
            return (order == 2 && !isAlone) || isCubic ? "m" : "\(order)/m"
        }
    }

    /// A rotation or rotoinversion that has an axis.
    private struct Turn {
        /// As `PointGroup.type(of:)` has it.
        let type: Int
        let proper: IntegerMatrix3

        init?(_ rotation: IntegerMatrix3) {
            guard let type = PointGroup.type(of: rotation), abs(type) > 1 else { return nil }
            self.type = type
            proper = type > 0 ? rotation : -rotation
        }
    }

    private static func element(along direction: SIMD3<Int>, _ turns: [Turn]) -> Element? {
        var element = Element(order: 1)
        for turn in turns where turn.proper * direction == direction {
            if turn.type > 0 {
                element.order = max(element.order, turn.type)
            } else if turn.type == -2 {
                element.hasMirror = true
            } else {
                element.rotoinversion = max(element.rotoinversion, -turn.type)
            }
        }
        return element.order == 1 && element.rotoinversion == 0 && !element.hasMirror ? nil : element
    }

    /// One direction of each class that the site's rotations make of a set.
    private static func classes(
        of directions: [SIMD3<Int>], _ rotations: [IntegerMatrix3]
    ) -> [SIMD3<Int>] {
        var first: [SIMD3<Int>] = []
        for direction in directions {
            let isKnown = first.contains { known in
                rotations.contains { $0 * known == direction || $0 * known == .zero &- direction }
            }
            if !isKnown { first.append(direction) }
        }
        return first
    }
}
