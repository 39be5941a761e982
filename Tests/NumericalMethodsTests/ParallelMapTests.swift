import NumericalMethods
import Testing

@Suite struct ParallelMapTests {
    @Test(arguments: [1, 2, 7]) func resultsKeepTheOrderOfTheElements(_ width: Int) async throws {
        let squares = try await parallelMap(Array(0..<200), width: width) { number in
            if number % 3 == 0 { await Task.yield() }
            return number * number
        }
        #expect(squares == (0..<200).map { $0 * $0 })
    }

    @Test func streamsKeyedByIndexDoNotDependOnTheNumberOfTasks() async throws {
        @Sendable func draw(_ index: Int) -> Double {
            var stream = RandomStream(seed: 3, index: UInt64(index))
            return stream.normal()
        }
        let one = try await parallelMap(Array(0..<50), width: 1) { draw($0) }
        let four = try await parallelMap(Array(0..<50), width: 4) { draw($0) }
        #expect(one == four)
    }

    @Test func theFirstErrorIsThrown() async {
        struct Failure: Error {}
        await #expect(throws: Failure.self) {
            _ = try await parallelMap(Array(0..<20), width: 3) { number -> Int in
                if number == 5 { throw Failure() }
                return number
            }
        }
    }

    @Test func cancellingStartsNothingMore() async throws {
        let task = Task {
            try await parallelMap(Array(0..<1000), width: 2) { number -> Int in
                try await Task.sleep(nanoseconds: 2_000_000)
                return number
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
}
