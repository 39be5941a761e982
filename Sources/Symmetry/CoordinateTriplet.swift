import ExplainedErrors
import Foundation
import NumericalMethods

/// An exact affine map of coordinates, x ↦ M x + v/24, written as a coordinate triplet: `x,2x,z+1/4`.
///
/// Both symmetry operations (M unimodular) and Wyckoff positions (M of any rank) are such maps.
package enum CoordinateTriplet {
    /// Why a text is no coordinate triplet.
    package struct ParseError: ExplainedError, Hashable {
        package let text: String
        package let reason: String

        /// What went wrong, where, and what to do: the parts of the one line.
        package var explanation: Explanation {
            Explanation(
                "'\(text)' is no coordinate triplet (\(reason))", remedy: "write it like x,y+1/2,-z")
        }
    }

    /// Text of M x + v/24; variables are named by `names`, one for each column of M.
    package static func text(
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
    ///
    /// Coefficients are at most `largestCoefficient`, shifts at most 1,000 cells.
    package static func parse(_ text: some StringProtocol) throws(ParseError) -> (
        matrix: IntegerMatrix3, translation: SIMD3<Int>
    ) {
        func fail(_ reason: String) -> ParseError { ParseError(text: String(text), reason: reason) }
        var matrix = IntegerMatrix3(rows: .zero, .zero, .zero)
        var translation = SIMD3<Int>.zero
        for (row, component) in try components(of: text, names: "xyz").enumerated() {
            for (axis, coefficient) in component.coefficients.enumerated() {
                guard coefficient.denominator == 1 else {
                    throw fail("'\(coefficient)' is no integer multiple")
                }
                matrix[row, axis] = coefficient.numerator
            }
            let scaled = component.shift * Rational(SymmetryOperation.denominator)
            guard scaled.denominator == 1 else { throw fail("'\(component.shift)' is no multiple of 1/24") }
            translation[row] = scaled.numerator
        }
        return (matrix, translation)
    }

    /// Beyond any operation or sensible change of basis; 3 × 3 determinants of such numbers are exact.
    static let largestCoefficient = 1_000

    /// One component of a triplet: its coefficients of the three variables, and what is added.
    struct Component {
        var coefficients = [Rational](repeating: Rational(0), count: 3)
        var shift = Rational(0)
    }

    /// The three components of `x-y,x+y,z+1/4` or, with other names, of `a-b,a+b,c`; coefficients may be fractions.
    static func components(
        of text: some StringProtocol, names: String
    ) throws(ParseError) -> [Component] {
        func fail(_ reason: String) -> ParseError { ParseError(text: String(text), reason: reason) }
        let cleaned = text.lowercased().filter { !$0.isWhitespace && !"'\"()".contains($0) }
        let parts = cleaned.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw fail("\(parts.count) components instead of 3") }
        var result: [Component] = []
        for (index, part) in parts.enumerated() {
            guard !part.isEmpty else { throw fail("component \(index + 1) is empty") }
            var component = Component()
            for term in terms(of: part) {
                guard let (value, axis) = parse(term: term, names: names) else {
                    throw fail("'\(term)' not understood")
                }
                if let axis {
                    component.coefficients[axis] = component.coefficients[axis] + value
                } else {
                    component.shift = component.shift + value
                }
                guard (component.coefficients + [component.shift]).allSatisfy(isSmall) else {
                    throw fail("the numbers of component \(index + 1) are too large")
                }
            }
            result.append(component)
        }
        return result
    }

    private static func isSmall(_ value: Rational) -> Bool {
        value.denominator <= Rational.largestInText
            && abs(value.numerator) <= largestCoefficient * value.denominator
    }

    private static func terms(of part: Substring) -> [String] {
        var terms: [String] = []
        for character in part {
            if character == "+" || character == "-" || terms.isEmpty { terms.append("") }
            terms[terms.count - 1].append(character)
        }
        return terms
    }

    /// ±number, ±number·variable, ±variable or ±variable/number.
    private static func parse(term: String, names: String) -> (Rational, axis: Int?)? {
        var body = Substring(term)
        var sign = 1
        if let first = body.first, first == "+" || first == "-" {
            sign = first == "-" ? -1 : 1
            body.removeFirst()
        }
        guard let last = body.last else { return nil }
        if let first = body.first, names.contains(first), body.dropFirst().first == "/" {
            guard let (value, axis) = parse(term: "1" + body.dropFirst() + String(first), names: names) else {
                return nil
            }
            return (Rational(sign) * value, axis)
        }
        let axis = names.firstIndex(of: last).map { names.distance(from: names.startIndex, to: $0) }
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
    package init(xyz: some StringProtocol) throws(CoordinateTriplet.ParseError) {
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
