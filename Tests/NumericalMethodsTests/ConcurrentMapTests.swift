import NumericalMethods
import Testing

@Suite("The synchronous map over all cores") struct ConcurrentMapTests {
    private struct Refused: Error, Equatable { let number: Int }

    @Test(
        "results and what is told of them come in the elements' order, whatever the width",
        arguments: [1, 2, 3, 16])
    func order(width: Int) throws {
        var told: [Int] = []
        let results = try concurrentMap(
            Array(0..<11), width: width, { $0 * $0 }, done: { element, _ in told.append(element) })
        #expect(results == (0..<11).map { $0 * $0 })
        #expect(told == Array(0..<11))
        #expect(try concurrentMap([Int](), width: width) { $0 }.isEmpty)
    }

    @Test("of several errors the first element's is thrown") func errors() {
        #expect(throws: Refused(number: 4)) {
            try concurrentMap(Array(0..<12), width: 12) { number in
                if number >= 4 { throw Refused(number: number) }
                return number
            }
        }
    }

    @Test("a task that is cancelled between two waves starts no further one") func cancellation() async {
        await #expect(throws: CancellationError.self) {
            try await Task {
                var told: [Int] = []
                let results = try concurrentMap(
                    Array(0..<4), width: 2, { $0 },
                    done: { element, _ in
                        told.append(element)
                        #expect(element < 2)
                        withUnsafeCurrentTask { $0?.cancel() }
                    })
                return results + told
            }.value
        }
    }
}
