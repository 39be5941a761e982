import NumericalMethods
import Symmetry

/// Coordinate triplets as files in the wild write them: `x,y+1/2,-z`, `-X+Y, .5+Y, Z`, `1/2-x, 0.3333+y, z`.
enum OperationTriplet {
    /// nil for anything that is not three integer combinations of x, y, z with a shift over 24.
    static func operation(_ text: String) -> SymmetryOperation? {
        let parts = text.lowercased().filter { !$0.isWhitespace }.split(
            separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var rotation = IntegerMatrix3(rows: .zero, .zero, .zero)
        var translation = SIMD3<Int>.zero
        for (row, part) in parts.enumerated() {
            guard let (coefficients, shift) = affine(part) else { return nil }
            rotation[row] = coefficients
            translation[row] = shift
        }
        return SymmetryOperation(rotation: rotation, translation: translation)
    }

    private static func affine(_ text: Substring) -> (SIMD3<Int>, Int)? {
        var coefficients = SIMD3<Int>.zero
        var shift = 0.0
        var rest = text
        guard !rest.isEmpty else { return nil }
        var isFirst = true
        while let next = rest.first {
            var sign = 1
            if next == "+" || next == "-" {
                sign = next == "-" ? -1 : 1
                rest.removeFirst()
            } else if !isFirst {
                return nil
            }
            isFirst = false
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "/") }
            rest.removeFirst(digits.count)
            if rest.first == "*" { rest.removeFirst() }
            let axis = rest.first.flatMap { ["x", "y", "z"].firstIndex(of: $0) }
            guard let value = digits.isEmpty ? (axis == nil ? nil : 1) : fraction(digits) else { return nil }
            if let axis {
                rest.removeFirst()
                guard value == value.rounded(), value < 10 else { return nil }
                coefficients[axis] += sign * Int(value)
            } else {
                shift += Double(sign) * value
            }
        }
        // Decimals such as 0.333 stand for thirds: within 0.005 of a 24th.
        let steps = shift * Double(SymmetryOperation.denominator)
        guard abs(steps) < 1e4, abs(steps - steps.rounded()) < 0.12 else { return nil }
        return (coefficients, Int(steps.rounded()))
    }

    private static func fraction(_ text: Substring) -> Double? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let numerator = parts.first.flatMap({ TextNumber.double($0) }) else { return nil }
        if parts.count == 1 { return numerator }
        guard parts.count == 2, let denominator = TextNumber.double(parts[1]), denominator > 0 else {
            return nil
        }
        return numerator / denominator
    }
}

/// What is wrong with a list of operations, if anything.
enum OperationList {
    /// The operations wrapped into one cell, duplicates dropped, or the reason why they are no group.
    static func checked(_ operations: [SymmetryOperation]) -> Result<[SymmetryOperation], Fault> {
        var unique: [SymmetryOperation] = []
        var seen: Set<SymmetryOperation> = []
        for operation in operations.map(\.wrapped) {
            guard abs(operation.rotation.determinant) == 1 else {
                return .failure(
                    Fault(problem: "an operation has determinant \(operation.rotation.determinant)"))
            }
            if seen.insert(operation).inserted { unique.append(operation) }
        }
        guard seen.contains(.identity) else { return .failure(Fault(problem: "x,y,z is missing")) }
        // A group is the closure of a few generators; comparing orders costs far less than all products.
        var closure: Set<SymmetryOperation> = [.identity]
        var generators: [SymmetryOperation] = []
        for operation in unique where !closure.contains(operation) {
            generators.append(operation)
            var frontier = Array(closure)
            while let element = frontier.popLast() {
                for generator in generators {
                    let product = generator.combined(with: element).wrapped
                    guard closure.insert(product).inserted else { continue }
                    guard seen.contains(product) else {
                        return .failure(
                            Fault(
                                problem:
                                    "a product of two of the \(unique.count) operations is not among them"))
                    }
                    frontier.append(product)
                }
            }
        }
        // The identity first: its image is the site as the file gives it.
        let rest = unique.filter { $0 != .identity }
        return .success([.identity] + rest)
    }

    struct Fault: Error {
        var problem: String
    }
}
