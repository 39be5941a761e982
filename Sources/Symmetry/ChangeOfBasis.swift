import Crystallography
import NumericalMethods

/// A change of basis and origin x' = P x + p of fractional coordinates, exact.
///
/// The new basis vectors are (a', b', c') = (a, b, c) P⁻¹, so det P is the volume of the old cell over that of the
/// new one. (ITA Vol. A, 1.5.1 writes Q, q for what is P, p here.)
public struct ChangeOfBasis: Sendable, Hashable {
    /// `denominator` · P.
    package let numerators: IntegerMatrix3
    /// Positive; numerators and denominator have no common factor.
    package let denominator: Int
    /// `shiftDenominator` · p.
    package let shiftNumerators: SIMD3<Int>
    /// Positive; in lowest terms.
    package let shiftDenominator: Int

    /// No change.
    public static let identity = ChangeOfBasis(
        lowest: .identity, denominator: 1, shift: .zero, shiftDenominator: 1)

    /// P = `numerators`/`denominator`, p = `shift`/`shiftDenominator`; nil where P is singular or a denominator
    /// is not positive.
    public init?(
        numerators: IntegerMatrix3, denominator: Int = 1, shift: SIMD3<Int> = .zero,
        shiftDenominator: Int = SymmetryOperation.denominator
    ) {
        guard numerators.determinant != 0, denominator > 0, shiftDenominator > 0 else { return nil }
        self.init(
            lowest: numerators, denominator: denominator, shift: shift, shiftDenominator: shiftDenominator)
    }

    /// The nearest exact change: P over the least denominator up to 12 that fits within 1e-4, p over the least up
    /// to 144 that fits each component within `shiftTolerance`, or over 144 where none does (along a polar
    /// direction any p will do). nil where P does not fit.
    public init?(matrix: Matrix3, shift: SIMD3<Double>, shiftTolerance: Double = 1e-4) {
        func rounded(_ v: SIMD3<Double>, _ d: Int) -> SIMD3<Int> {
            SIMD3<Int>((v * Double(d)).rounded(.toNearestOrEven))
        }
        func fits(_ v: SIMD3<Double>, _ d: Int, _ tolerance: Double) -> Bool {
            (v - SIMD3<Double>(rounded(v, d)) / Double(d)).length < tolerance
        }
        let entries = (0..<3).flatMap { row in (0..<3).map { matrix[row, $0] } } + (0..<3).map { shift[$0] }
        guard entries.allSatisfy({ $0.isFinite && abs($0) < 1e6 }) else { return nil }
        guard let d = (1...12).first(where: { d in (0..<3).allSatisfy { fits(matrix[$0], d, 1e-4) } }) else {
            return nil
        }
        let s = (1...144).first { fits(shift, $0, shiftTolerance) } ?? 144
        self.init(
            numerators: IntegerMatrix3(
                rows: rounded(matrix[0], d), rounded(matrix[1], d), rounded(matrix[2], d)),
            denominator: d, shift: rounded(shift, s), shiftDenominator: s)
    }

    /// A symmetry operation, or any isometry written as one, as a change of coordinates.
    public init?(_ operation: SymmetryOperation) {
        self.init(numerators: operation.rotation, shift: operation.translation)
    }

    /// `x-y,x+y,z+1/4`: the new coordinates in the old ones; coefficients may be fractions.
    ///
    /// - Throws: where the text is no triplet, singular, or of fractions with a common denominator above 144.
    package init(xyz text: some StringProtocol) throws(CoordinateTriplet.ParseError) {
        let components = try CoordinateTriplet.components(of: text, names: "xyz")
        try self.init(components: components, text: String(text))
    }

    /// `(a-c)/2`-like changes as `1/2a-1/2c,b,c` write them: the new basis vectors in the old ones; with an origin
    /// shift behind a semicolon, `a,b,c;1/4,0,0`: where the new origin stands in the old coordinates.
    ///
    /// - Throws: as `init(xyz:)`.
    package init(abc text: some StringProtocol) throws(CoordinateTriplet.ParseError) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        let vectors = try CoordinateTriplet.components(of: parts[0], names: "abc")
        guard parts.count <= 2, vectors.allSatisfy({ $0.shift == Rational(0) }) else {
            throw CoordinateTriplet.ParseError(
                text: String(text), reason: "an origin shift stands behind a semicolon")
        }
        let origin = parts.count == 2 ? try CoordinateTriplet.components(of: parts[1], names: "xyz") : []
        guard origin.allSatisfy({ $0.coefficients.allSatisfy { $0 == Rational(0) } }) else {
            throw CoordinateTriplet.ParseError(text: String(text), reason: "the origin shift is no number")
        }
        // x = P x' + p, the columns of P the new vectors; here is the way back, x' in x.
        var toOld = (0..<3).map { row in
            var component = CoordinateTriplet.Component()
            component.coefficients = vectors.map { $0.coefficients[row] }
            return component
        }
        for (row, component) in origin.enumerated() { toOld[row].shift = component.shift }
        let change = try ChangeOfBasis(components: toOld, text: String(text)).inverse
        let limit = CoordinateTriplet.largestCoefficient * Self.largestDenominator
        let entries = (0..<3).flatMap { row in (0..<3).map { change.numerators[row, $0] } }
        guard entries.allSatisfy({ abs($0) <= limit }), change.denominator <= Self.largestDenominator else {
            throw CoordinateTriplet.ParseError(
                text: String(text), reason: "a denominator of its inverse is above \(Self.largestDenominator)"
            )
        }
        self = change
    }

    private init(
        components: [CoordinateTriplet.Component], text: String
    ) throws(CoordinateTriplet.ParseError) {
        func common(_ values: [Rational]) -> Int {
            values.reduce(1) { common, value in
                guard common <= Self.largestDenominator else { return common }
                return common / greatestCommonDivisor(common, value.denominator) * value.denominator
            }
        }
        func over(_ denominator: Int, _ value: Rational) -> Int {
            value.numerator * (denominator / value.denominator)
        }
        let denominator = common(components.flatMap(\.coefficients))
        let shiftDenominator = common(components.map(\.shift))
        guard max(denominator, shiftDenominator) <= Self.largestDenominator else {
            throw CoordinateTriplet.ParseError(
                text: text, reason: "a denominator is above \(Self.largestDenominator)")
        }
        let rows = components.map { component in
            SIMD3(
                over(denominator, component.coefficients[0]), over(denominator, component.coefficients[1]),
                over(denominator, component.coefficients[2]))
        }
        let shift = components.map { over(shiftDenominator, $0.shift) }
        let change = ChangeOfBasis(
            numerators: IntegerMatrix3(rows: rows[0], rows[1], rows[2]), denominator: denominator,
            shift: SIMD3(shift[0], shift[1], shift[2]), shiftDenominator: shiftDenominator)
        guard let change else {
            throw CoordinateTriplet.ParseError(text: text, reason: "its determinant is 0")
        }
        self = change
    }

    /// Of a change that a text gives; sublattices of index 144 are beyond every use.
    private static let largestDenominator = 144

    private init(
        lowest numerators: IntegerMatrix3, denominator: Int, shift: SIMD3<Int>, shiftDenominator: Int
    ) {
        var divisor = denominator
        for row in 0..<3 { divisor = greatestCommonDivisor(divisor, Self.content(numerators[row])) }
        self.numerators = IntegerMatrix3(
            rows: numerators.row0 / divisor, numerators.row1 / divisor, numerators.row2 / divisor)
        self.denominator = denominator / divisor
        let common = greatestCommonDivisor(shiftDenominator, Self.content(shift))
        shiftNumerators = shift / common
        self.shiftDenominator = shiftDenominator / common
    }

    /// The greatest common divisor of the components; 0 for the zero vector.
    private static func content(_ v: SIMD3<Int>) -> Int {
        (0..<3).map { abs(v[$0]) }.filter { $0 != 0 }.reduce(0) {
            $0 == 0 ? $1 : greatestCommonDivisor($0, $1)
        }
    }

    /// P.
    public var matrix: Matrix3 { (1 / Double(denominator)) * Matrix3(numerators) }
    /// p.
    public var shift: SIMD3<Double> { SIMD3<Double>(shiftNumerators) / Double(shiftDenominator) }
    /// det P: old cell's volume over new cell's, negative where the hand changes.
    package var determinant: Rational {
        Rational(numerators.determinant, denominator * denominator * denominator)
    }

    /// x = P⁻¹ (x' − p).
    public var inverse: ChangeOfBasis {
        let sign = numerators.determinant < 0 ? -1 : 1
        let adjugate = numerators.adjugate
        let scale = denominator * sign
        let rows = IntegerMatrix3(
            rows: adjugate.row0 &* scale, adjugate.row1 &* scale, adjugate.row2 &* scale)
        let divisor = numerators.determinant * sign
        return ChangeOfBasis(
            lowest: rows, denominator: divisor, shift: .zero &- rows * shiftNumerators,
            shiftDenominator: divisor * shiftDenominator)
    }

    /// First `other`, then `self`.
    package func combined(with other: ChangeOfBasis) -> ChangeOfBasis {
        let moved = numerators * other.shiftNumerators
        let d = denominator * other.shiftDenominator
        return ChangeOfBasis(
            lowest: numerators * other.numerators, denominator: denominator * other.denominator,
            shift: moved &* shiftDenominator &+ shiftNumerators &* d, shiftDenominator: d * shiftDenominator)
    }

    /// P x + p.
    public func apply(to position: SIMD3<Double>) -> SIMD3<Double> { matrix * position + shift }

    /// The operation in the new coordinates, (P, p)(R, t)(P, p)⁻¹, not wrapped; nil where the new rotation is not
    /// of integers, or the new translation no multiple of 1/24.
    public func apply(to operation: SymmetryOperation) -> SymmetryOperation? {
        let determinant = numerators.determinant
        let product = numerators * operation.rotation * numerators.adjugate
        var rotation = IntegerMatrix3.identity
        for row in 0..<3 {
            guard product[row] % SIMD3(repeating: determinant) == .zero else { return nil }
            rotation[row] = product[row] / determinant
        }
        // t' = P t + p − R' p, over 24.
        let carried = numerators * operation.translation &* shiftDenominator
        let moved =
            (shiftNumerators &- rotation * shiftNumerators) &* (SymmetryOperation.denominator * denominator)
        let translation = carried &+ moved
        let divisor = denominator * shiftDenominator
        guard translation % SIMD3(repeating: divisor) == .zero else { return nil }
        return SymmetryOperation(rotation: rotation, translation: translation / divisor)
    }

    /// All operations of a group in the new coordinates, modulo the new cell's edges, wrapped, the identity first.
    ///
    /// nil where a rotation is not of integers or a translation no multiple of 1/24 there, where the new edges are no
    /// translations of the group, or where the new cell holds more than `largestCell` primitive ones.
    public func apply(toGroup operations: [SymmetryOperation]) -> [SymmetryOperation]? {
        let edge = SymmetryOperation.denominator
        let edges = [SIMD3(edge, 0, 0), SIMD3(0, edge, 0), SIMD3(0, 0, edge)]
        var moved: [SymmetryOperation] = []
        for operation in operations {
            guard let image = apply(to: operation) else { return nil }
            moved.append(image)
        }
        var translations = moved.filter { $0.rotation == .identity }.map(\.translation)
        for edge in edges {
            guard let image = apply(to: SymmetryOperation(rotation: .identity, translation: edge)) else {
                return nil
            }
            translations.append(image.translation)
        }
        let lattice = TranslationBasis(generatedBy: translations)
        guard edges.allSatisfy({ lattice.reduce($0) == .zero }) else { return nil }
        let volume = abs(lattice.rows.determinant)
        guard volume > 0, edge * edge * edge / volume <= Self.largestCell else { return nil }
        let centring = lattice.cosets(of: TranslationBasis(generatedBy: edges))
        var result: [SymmetryOperation] = []
        var known: Set<IntegerMatrix3> = []
        for operation in moved where known.insert(operation.rotation).inserted {
            for vector in centring {
                result.append(
                    SymmetryOperation(
                        rotation: operation.rotation, translation: operation.translation &+ vector
                    ).wrapped)
            }
        }
        return [.identity] + result.filter { $0 != .identity }
    }

    /// Primitive cells in a cell that a change of basis may make: F centring twice doubled has 32.
    private static let largestCell = 64

    /// The lattice on the new basis vectors.
    public func apply(to lattice: Lattice) -> Lattice {
        Lattice(vectors: matrix.inverse.transpose * lattice.vectors)
    }

    /// The vectors of the new cell in the old coordinates: the columns of P⁻¹.
    package var cellVectors: Matrix3 { inverse.matrix.transpose }
}

extension ChangeOfBasis: CustomStringConvertible {
    /// `x-y,x+y,z+1/4`: the new coordinates in the old ones.
    public var description: String {
        (0..<3).map { row in
            var text = ""
            for (column, name) in ["x", "y", "z"].enumerated() where numerators[row, column] != 0 {
                let value = Rational(numerators[row, column], denominator)
                let sign = value.numerator < 0 ? "-" : text.isEmpty ? "" : "+"
                let size = Rational(abs(value.numerator), value.denominator)
                text += sign + (size == Rational(1) ? "" : "\(size)") + name
            }
            let value = Rational(shiftNumerators[row], shiftDenominator)
            if value.numerator != 0 { text += (value.numerator > 0 ? "+" : "") + "\(value)" }
            return text
        }.joined(separator: ",")
    }
}
