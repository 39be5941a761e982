import Energies
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc

    @Suite struct ByteSocketTests {
        private func pair() throws -> (ByteSocket, ByteSocket) {
            var ends: [Int32] = [0, 0]
            try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
            return (ByteSocket(descriptor: ends[0]), ByteSocket(descriptor: ends[1]))
        }

        private var soon: Date { Date(timeIntervalSinceNow: 5) }

        /// However the bytes were cut on their way.
        @Test func bytesArriveWholeAndInOrder() throws {
            let (here, there) = try pair()
            let sent = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            for start in stride(from: 0, to: sent.count, by: 70) {
                try here.write(Array(sent[start..<min(start + 70, sent.count)]), deadline: soon)
            }
            let first = try there.read(1234, deadline: soon)
            let rest = try there.read(sent.count - 1234, deadline: soon)
            #expect(first + rest == sent)
            here.close()
            there.close()
        }

        @Test func aPeerThatSaysNothingIsLateAndOneThatIsGoneIsGone() throws {
            let (here, there) = try pair()
            #expect(throws: IPIError.clientLate) {
                try here.read(1, deadline: Date(timeIntervalSinceNow: 0.02))
            }
            try there.write([1], deadline: soon)
            there.close()
            #expect(throws: IPIError.clientClosed) { try here.read(2, deadline: soon) }
            #expect(throws: IPIError.clientClosed) {
                for _ in 0..<100 { try here.write([UInt8](repeating: 0, count: 4096), deadline: soon) }
            }
            here.close()
        }
    }
#endif
