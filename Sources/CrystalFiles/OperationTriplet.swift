import NumericalMethods
import Symmetry

/// Coordinate triplets as files in the wild write them: `x,y+1/2,-z`, `-X+Y, .5+Y, Z`, `1/2-x, 0.3333+y, z`.
///
/// Not `CoordinateTriplet`, which reads what a person types: that one is exact, takes any rational factor and says what it does
/// not understand. Here a rounded third is a third, an answer is yes or no, and a file's 192 lines are read without a copy.
enum OperationTriplet {
    /// nil for anything that is not three integer combinations of x, y, z with a shift over 24.
    static func operation(_ text: String) -> SymmetryOperation? {
        var copy = text
        return copy.withUTF8 { operation($0) }
    }

    private static func operation(_ bytes: UnsafeBufferPointer<UInt8>) -> SymmetryOperation? {
        var rotation = IntegerMatrix3(rows: .zero, .zero, .zero)
        var translation = SIMD3<Int>.zero
        var reader = Reader(bytes: bytes)
        for row in 0..<3 {
            guard let (coefficients, shift) = affine(&reader) else { return nil }
            rotation[row] = coefficients
            translation[row] = shift
            let separator = reader.next
            if row < 2 {
                guard separator == UInt8(ascii: ",") else { return nil }
                reader.advance()
            } else if separator != nil {
                return nil
            }
        }
        return SymmetryOperation(rotation: rotation, translation: translation)
    }

    /// Up to the next comma or the end.
    private static func affine(_ reader: inout Reader) -> (SIMD3<Int>, Int)? {
        var coefficients = SIMD3<Int>.zero
        var shift = 0.0
        var isFirst = true
        while let next = reader.next, next != UInt8(ascii: ",") {
            var sign = 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") {
                sign = next == UInt8(ascii: "-") ? -1 : 1
                reader.advance()
            } else if !isFirst {
                return nil
            }
            isFirst = false
            var value: Double?
            if reader.isAtNumber {
                guard let number = reader.fraction() else { return nil }
                value = number
            }
            if reader.next == UInt8(ascii: "*") { reader.advance() }
            let axis = reader.next.map { Int($0 | 0x20) - Int(UInt8(ascii: "x")) } ?? -1
            if (0..<3).contains(axis) {
                reader.advance()
                let factor = value ?? 1
                guard factor == factor.rounded(), factor < 10 else { return nil }
                coefficients[axis] += sign * Int(factor)
                guard abs(coefficients[axis]) < 100 else { return nil }
            } else {
                guard let value else { return nil }
                shift += Double(sign) * value
            }
        }
        guard !isFirst else { return nil }
        // Decimals such as 0.333 stand for thirds: within 0.005 of a 24th.
        let steps = shift * Double(SymmetryOperation.denominator)
        guard abs(steps) < 1e4, abs(steps - steps.rounded()) < 0.12 else { return nil }
        return (coefficients, Int(steps.rounded()))
    }

    /// Bytes of a triplet, blanks passed over.
    private struct Reader {
        private let bytes: UnsafeBufferPointer<UInt8>
        private var position = 0

        init(bytes: UnsafeBufferPointer<UInt8>) {
            self.bytes = bytes
            skipBlanks()
        }

        /// nil at the end.
        var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        var isAtNumber: Bool { next.map { Self.isDigit($0) || $0 == UInt8(ascii: ".") } ?? false }

        mutating func advance() {
            position += 1
            skipBlanks()
        }

        /// `1/2`, `.5`, `3`; nil where there is none.
        mutating func fraction() -> Double? {
            guard let numerator = number() else { return nil }
            guard next == UInt8(ascii: "/") else { return numerator }
            advance()
            guard let denominator = number(), denominator > 0 else { return nil }
            return numerator / denominator
        }

        private mutating func number() -> Double? {
            var (value, scale) = (0.0, 0.0)
            var digits = 0
            while let byte = next {
                if Self.isDigit(byte) {
                    value = 10 * value + Double(byte - UInt8(ascii: "0"))
                    scale *= 10
                    digits += 1
                } else if byte == UInt8(ascii: "."), scale == 0 {
                    scale = 1
                } else {
                    break
                }
                advance()
            }
            return digits > 0 ? value / max(scale, 1) : nil
        }

        private mutating func skipBlanks() {
            while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
        }

        private static func isDigit(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
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
