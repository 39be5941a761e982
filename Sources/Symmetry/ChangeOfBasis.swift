import Crystallography
import NumericalMethods

/// A change of basis and origin x' = P x + p of fractional coordinates, exact.
///
/// The new basis vectors are (a', b', c') = (a, b, c) P⁻¹, so det P is the volume of the old cell over that of the
/// new one. (ITA Vol. A, 1.5.1 writes Q, q for what is P, p here.)
public struct ChangeOfBasis: Sendable, Hashable {
    /// `denominator` · P.
    public let numerators: IntegerMatrix3
    /// Positive; numerators and denominator have no common factor.
    public let denominator: Int
    /// `shiftDenominator` · p.
    public let shiftNumerators: SIMD3<Int>
    /// Positive; in lowest terms.
    public let shiftDenominator: Int

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
    public var determinant: Rational {
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
    public func combined(with other: ChangeOfBasis) -> ChangeOfBasis {
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

    /// The lattice on the new basis vectors.
    public func apply(to lattice: Lattice) -> Lattice {
        Lattice(vectors: matrix.inverse.transpose * lattice.vectors)
    }

    /// The vectors of the new cell in the old coordinates: the columns of P⁻¹.
    public var cellVectors: Matrix3 { inverse.matrix.transpose }
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
