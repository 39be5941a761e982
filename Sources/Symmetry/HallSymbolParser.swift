import NumericalMethods

/// Reads a Hall symbol term by term.
enum HallSymbolParser {
    static func parse(_ text: String) throws(HallSymbol.ParseError) -> (
        generators: [SymmetryOperation], centring: [SIMD3<Int>]
    ) {
        func fail(_ reason: String) -> HallSymbol.ParseError {
            HallSymbol.ParseError(text: text, reason: reason)
        }
        var symbol = Substring(text)
        while symbol.last?.isWhitespace == true { symbol.removeLast() }
        var change: ChangeOfBasis?
        if let open = symbol.firstIndex(of: "(") {
            guard symbol.last == ")" else { throw fail("the bracket of the origin shift is not closed") }
            change = try self.change(String(symbol[open...]), fail)
            symbol = symbol[..<open]
        }
        var terms = symbol.split(whereSeparator: { $0.isWhitespace || $0 == "_" }).map { $0.lowercased() }
        guard !terms.isEmpty else { throw fail("it is empty") }
        var lattice = Substring(terms.removeFirst())
        let isCentrosymmetric = lattice.first == "-"
        if isCentrosymmetric { lattice.removeFirst() }
        guard let centring = latticeVectors[lattice.uppercased()] else {
            throw fail("no lattice '\(lattice)'")
        }
        guard !terms.isEmpty else { throw fail("no rotation follows the lattice") }
        var context = Context()
        var generators: [SymmetryOperation] = []
        for term in terms {
            generators.append(try rotation(term, &context, fail))
        }
        if isCentrosymmetric { generators.append(.inversion) }
        guard let change else { return (generators, centring) }
        // V S V⁻¹, and the lattice in the new coordinates.
        let lattices = centring.map { SymmetryOperation(rotation: .identity, translation: $0) }
        guard let vectors = change.apply(toGroup: lattices)?.map(\.translation) else {
            throw fail("the change of basis leads to edges that are no translations of the group")
        }
        var moved: [SymmetryOperation] = []
        for generator in generators {
            guard let image = change.apply(to: generator), image.isSmall else {
                throw fail("the change of basis takes an operation to one that is not of integers and 24ths")
            }
            moved.append(image)
        }
        return (moved, vectors)
    }

    /// ITB 2001, Table A1.4.2.2.
    private static let latticeVectors: [String: [SIMD3<Int>]] = [
        "P": Centring.P.vectors, "A": Centring.A.vectors, "B": Centring.B.vectors, "C": Centring.C.vectors,
        "I": Centring.I.vectors, "R": Centring.R.vectors, "F": Centring.F.vectors,
        "S": [.zero, SIMD3(8, 8, 16), SIMD3(16, 16, 8)], "T": [.zero, SIMD3(8, 16, 8), SIMD3(16, 8, 16)],
    ]

    /// What the defaults of a later rotation depend on.
    private struct Context {
        var count = 0
        var firstOrder = 0
        /// The axis that ' and " refer to: 0, 1, 2.
        var axis = 2
    }

    /// `(0 0 1)` in twelfths, or `(x-y,x+y,z)`.
    private static func change(
        _ text: String, _ fail: (String) -> HallSymbol.ParseError
    ) throws(HallSymbol.ParseError) -> ChangeOfBasis {
        let inside = text.dropFirst().dropLast()
        if inside.contains(",") {
            do {
                return try ChangeOfBasis(xyz: inside)
            } catch {
                throw fail(error.reason)
            }
        }
        let numbers = inside.split(separator: " ").compactMap { Rational(text: $0) }
        guard numbers.count == 3, numbers.allSatisfy({ $0.denominator == 1 }),
            let change = ChangeOfBasis(
                numerators: .identity,
                shift: SIMD3(numbers[0].numerator, numbers[1].numerator, numbers[2].numerator),
                shiftDenominator: 12)
        else { throw fail("the origin shift needs three integers") }
        return change
    }

    private static func rotation(
        _ term: String, _ context: inout Context, _ fail: (String) -> HallSymbol.ParseError
    ) throws(HallSymbol.ParseError) -> SymmetryOperation {
        var rest = Substring(term)
        let isImproper = rest.first == "-"
        if isImproper { rest.removeFirst() }
        guard let order = rest.first?.wholeNumberValue, [1, 2, 3, 4, 6].contains(order) else {
            throw fail("'\(term)' does not begin with a rotation 1, 2, 3, 4 or 6")
        }
        rest.removeFirst()
        var axisName: Character?
        if let next = rest.first, "xyz'\"=*".contains(next) {
            axisName = next == "=" ? "\"" : next
            rest.removeFirst()
        }
        context.count += 1
        guard let name = axisName ?? defaultAxis(order: order, context: context) else {
            throw fail("'\(term)' needs an axis")
        }
        guard var matrix = matrix(order: order, axis: name, preceding: context.axis) else {
            throw fail("no rotation \(order) about \(name)")
        }
        if isImproper { matrix = -matrix }
        let axis = "xyz".firstIndex(of: name).map { "xyz".distance(from: "xyz".startIndex, to: $0) }
        var translation = SIMD3<Int>.zero
        for character in rest {
            if let screw = character.wholeNumberValue {
                guard let axis, screw > 0, screw < order else {
                    throw fail("'\(term)' has no such screw axis")
                }
                translation[axis] += 24 * screw / order
            } else if let vector = translations[character] {
                translation &+= vector
            } else {
                throw fail("no translation '\(character)' in '\(term)'")
            }
        }
        if context.count == 1 { context.firstOrder = order }
        if let axis { context.axis = axis }
        return SymmetryOperation(rotation: matrix, translation: translation)
    }

    /// First along c; second, if 2, along a after 2 or 4 and along a−b after 3 or 6; third, if 3, a+b+c.
    private static func defaultAxis(order: Int, context: Context) -> Character? {
        if order == 1 || context.count == 1 { return "z" }
        if context.count == 2, order == 2 {
            return context.firstOrder == 2 || context.firstOrder == 4 ? "x" : "'"
        }
        if context.count == 3, order == 3 { return "*" }
        return nil
    }

    /// ITB 2001, Table A1.4.2.4.
    private static let translations: [Character: SIMD3<Int>] = [
        "a": SIMD3(12, 0, 0), "b": SIMD3(0, 12, 0), "c": SIMD3(0, 0, 12), "n": SIMD3(12, 12, 12),
        "u": SIMD3(6, 0, 0), "v": SIMD3(0, 6, 0), "w": SIMD3(0, 0, 6), "d": SIMD3(6, 6, 6),
    ]

    /// ITB 2001, Tables A1.4.2.5 and A1.4.2.6; those about x and y are the ones about z, permuted.
    private static func matrix(order: Int, axis: Character, preceding: Int) -> IntegerMatrix3? {
        func cyclic(_ m: IntegerMatrix3, to axis: Int) -> IntegerMatrix3 {
            var result = m
            for i in 0..<3 {
                for j in 0..<3 {
                    result[(i + axis + 1) % 3, (j + axis + 1) % 3] = m[i, j]
                }
            }
            return result
        }
        let aboutZ: [Int: IntegerMatrix3] = [
            1: .identity,
            2: IntegerMatrix3(rows: SIMD3(-1, 0, 0), SIMD3(0, -1, 0), SIMD3(0, 0, 1)),
            3: IntegerMatrix3(rows: SIMD3(0, -1, 0), SIMD3(1, -1, 0), SIMD3(0, 0, 1)),
            4: IntegerMatrix3(rows: SIMD3(0, -1, 0), SIMD3(1, 0, 0), SIMD3(0, 0, 1)),
            6: IntegerMatrix3(rows: SIMD3(1, -1, 0), SIMD3(1, 0, 0), SIMD3(0, 0, 1)),
        ]
        switch (axis, order) {
        case ("x", _): return aboutZ[order].map { cyclic($0, to: 0) }
        case ("y", _): return aboutZ[order].map { cyclic($0, to: 1) }
        case ("z", _): return aboutZ[order]
        case ("'", 2):
            return cyclic(
                IntegerMatrix3(rows: SIMD3(0, -1, 0), SIMD3(-1, 0, 0), SIMD3(0, 0, -1)), to: preceding)
        case ("\"", 2):
            return cyclic(
                IntegerMatrix3(rows: SIMD3(0, 1, 0), SIMD3(1, 0, 0), SIMD3(0, 0, -1)), to: preceding)
        case ("*", 3):
            return IntegerMatrix3(rows: SIMD3(0, 0, 1), SIMD3(1, 0, 0), SIMD3(0, 1, 0))
        default: return nil
        }
    }
}

extension SymmetryOperation {
    /// The rotation is one of a cell somebody could mean: not so skew that products of two leave the integers.
    fileprivate var isSmall: Bool {
        (0..<3).allSatisfy { row in (0..<3).allSatisfy { abs(rotation[row, $0]) <= 100 } }
    }
}
