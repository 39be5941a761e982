import Foundation
import NumericalMethods

/// An exact affine map of coordinates, x ↦ M x + v/24, written as a coordinate triplet: `x,2x,z+1/4`.
///
/// Both symmetry operations (M unimodular) and Wyckoff positions (M of any rank) are such maps.
public enum CoordinateTriplet {
    /// Why a text is no coordinate triplet.
    public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
        public let text: String
        public let reason: String

        public var description: String {
            "'\(text)' is no coordinate triplet (\(reason)); write it like x,y+1/2,-z"
        }
    }

    /// Text of M x + v/24; variables are named by `names`, one for each column of M.
    public static func text(
        matrix: IntegerMatrix3, translation: SIMD3<Int>, names: [String] = ["x", "y", "z"]
    ) -> String {
        (0..<3).map { row in
            component(
                coefficients: (0..<3).map { matrix[row, $0] }, names: names,
                constant: Rational(translation[row], SymmetryOperation.denominator).description)
        }.joined(separator: ",")
    }

    /// `2x-y+1/2`; a constant "0" is left out beside variables.
    static func component(coefficients: [Int], names: [String], constant: String) -> String {
        var text = ""
        for (coefficient, name) in zip(coefficients, names) where coefficient != 0 {
            let sign = coefficient < 0 ? "-" : text.isEmpty ? "" : "+"
            let size = abs(coefficient) == 1 ? "" : String(abs(coefficient))
            text += sign + size + name
        }
        if text.isEmpty { return constant }
        if constant == "0" { return text }
        return text + (constant.hasPrefix("-") ? constant : "+" + constant)
    }

    /// Parses `x,y,z` forms as CIF, spglib and ITA write them: any order of terms, blanks, upper case,
    /// fractions or decimals that are multiples of 1/24, integer coefficients as `2x` or `2*x`.
    public static func parse(_ text: some StringProtocol) throws(ParseError) -> (
        matrix: IntegerMatrix3, translation: SIMD3<Int>
    ) {
        func fail(_ reason: String) -> ParseError { ParseError(text: String(text), reason: reason) }
        let cleaned = text.lowercased().filter { !$0.isWhitespace && !"'\"()".contains($0) }
        let parts = cleaned.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw fail("\(parts.count) components instead of 3") }
        var matrix = IntegerMatrix3(rows: .zero, .zero, .zero)
        var translation = SIMD3<Int>.zero
        for (row, part) in parts.enumerated() {
            guard !part.isEmpty else { throw fail("component \(row + 1) is empty") }
            for term in terms(of: part) {
                guard let (coefficient, axis) = parse(term: term) else {
                    throw fail("'\(term)' not understood")
                }
                if let axis {
                    guard coefficient.denominator == 1 else { throw fail("'\(term)' is no integer multiple") }
                    matrix[row, axis] += coefficient.numerator
                } else {
                    let scaled = coefficient * Rational(SymmetryOperation.denominator)
                    guard scaled.denominator == 1 else { throw fail("'\(term)' is no multiple of 1/24") }
                    translation[row] += scaled.numerator
                }
            }
        }
        return (matrix, translation)
    }

    private static func terms(of part: Substring) -> [String] {
        var terms: [String] = []
        for character in part {
            if character == "+" || character == "-" || terms.isEmpty { terms.append("") }
            terms[terms.count - 1].append(character)
        }
        return terms
    }

    /// ±number, ±number·variable or ±variable.
    private static func parse(term: String) -> (Rational, axis: Int?)? {
        var body = Substring(term)
        var sign = 1
        if let first = body.first, first == "+" || first == "-" {
            sign = first == "-" ? -1 : 1
            body.removeFirst()
        }
        guard let last = body.last else { return nil }
        let axis = "xyz".firstIndex(of: last).map { "xyz".distance(from: "xyz".startIndex, to: $0) }
        if axis != nil {
            body.removeLast()
            if body.last == "*" { body.removeLast() }
            if body.isEmpty { return (Rational(sign), axis) }
        }
        guard let number = Rational(text: body) else { return nil }
        return (Rational(sign) * number, axis)
    }
}

extension SymmetryOperation {
    /// Parses a coordinate triplet such as `x,y+1/2,-z`; its matrix must be unimodular.
    public init(xyz: some StringProtocol) throws(CoordinateTriplet.ParseError) {
        let (matrix, translation) = try CoordinateTriplet.parse(xyz)
        guard abs(matrix.determinant) == 1 else {
            throw CoordinateTriplet.ParseError(
                text: String(xyz), reason: "its determinant is \(matrix.determinant), not ±1")
        }
        self.init(rotation: matrix, translation: translation)
    }

    /// `x,y+1/2,-z`
    public var xyz: String { CoordinateTriplet.text(matrix: rotation, translation: translation) }
}
