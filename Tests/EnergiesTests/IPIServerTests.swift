import Crystallography
import Energies
import Foundation
import NumericalMethods
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("i-PI driver", .serialized)
struct IPIServerTests {
    static let bohr = 0.529177210903
    static let hartree = 27.211386245988

    @Test("a file that is no socket is never taken away")
    func keepsFiles() throws {
        let name = "wyckoff-file-\(UUID().uuidString.prefix(8))"
        let path = "/tmp/ipi_\(name)"
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = #expect(throws: IPIError.self) { try IPIServer(IPIAddress("ipi:unix:\(name)")) }
        #expect(error?.description.contains("no socket") == true)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        // Nor a link, a folder, or what took the socket's place while the server stood.
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/hostname")
        #expect(throws: IPIError.self) { try IPIServer(IPIAddress("ipi:unix:\(name)")) }
        try FileManager.default.removeItem(atPath: path)
        do {
            let server = try IPIServer(IPIAddress("ipi:unix:\(name)"))
            try FileManager.default.removeItem(atPath: path)
            try Data("new".utf8).write(to: URL(fileURLWithPath: path))
            _ = server.address
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    }

    @Test("a socket that a killed run left behind makes place, and goes at the end")
    func replacesSockets() throws {
        let name = "wyckoff-left-\(UUID().uuidString.prefix(8))"
        do {
            _ = try IPIServer(IPIAddress("ipi:unix:\(name)"))
        }
        #expect(!FileManager.default.fileExists(atPath: "/tmp/ipi_\(name)"))
    }

    /// A client as another program writes one: springs of 1 hartree/bohr² to the origin, E = ½ Σ r².
    static func client(_ name: String, answers: Int, fault: Fault = .none) -> Thread {
        let thread = Thread {
            guard let socket = TestSocket(path: "/tmp/ipi_\(name)") else { return }
            defer { socket.close() }
            var positions: [Double] = []
            var (needsInit, hasData, done) = (true, false, 0)
            while let message = socket.message() {
                switch message {
                case "STATUS": socket.say(needsInit ? "NEEDINIT" : hasData ? "HAVEDATA" : "READY")
                case "INIT":
                    _ = socket.read(4)
                    let count: Int32 = socket.numbers(1)[0]
                    _ = socket.read(Int(count))
                    needsInit = false
                case "POSDATA":
                    let _: [Double] = socket.numbers(18)
                    let count: Int32 = socket.numbers(1)[0]
                    positions = socket.numbers(3 * Int(count))
                    hasData = true
                    if fault == .dies { return }
                    if fault == .sleeps { Thread.sleep(forTimeInterval: 3) }
                case "GETFORCE":
                    socket.say(fault == .babbles ? "HELLO" : "FORCEREADY")
                    let energy = positions.reduce(0) { $0 + $1 * $1 } / 2
                    socket.write([fault == .notANumber ? Double.nan : energy])
                    socket.write([Int32(positions.count / 3 + (fault == .miscounts ? 1 : 0))])
                    socket.write(positions.map { -$0 })
                    var virial = [Double](repeating: 0, count: 9)
                    for atom in 0..<positions.count / 3 {
                        for i in 0..<3 {
                            for j in 0..<3 {
                                virial[3 * i + j] -= positions[3 * atom + i] * positions[3 * atom + j]
                            }
                        }
                    }
                    socket.write(virial)
                    socket.write([Int32(2)])
                    socket.write(Array("ok".utf8))
                    hasData = false
                    done += 1
                    if done == answers { return }
                default: return
                }
            }
        }
        thread.start()
        return thread
    }

    enum Fault: CaseIterable { case none, dies, sleeps, babbles, notANumber, miscounts }

    static let cell = Matrix3(rows: SIMD3(5, 0, 0), SIMD3(1, 4, 0), SIMD3(0.5, 0.2, 6))
    static let positions = [SIMD3(0.1, 0.2, 0.3), SIMD3(1.0, -2.0, 0.5)]

    @Test("energy, forces and virial come back in eV, eV/Å and eV, call after call")
    func answers() throws {
        let name = "wyckoff-test-\(UInt32.random(in: 0...UInt32.max))"
        let server = try IPIServer(IPIAddress("ipi:unix:\(name)"), timeLimit: 10)
        _ = Self.client(name, answers: 100)
        for factor in [1.0, 1.5, 2.0] {
            let moved = Self.positions.map { $0 * factor }
            let answer = try server.evaluate(cell: Self.cell, positions: moved)
            // ½ Σ r² in atomic units: eV per Å² is hartree/bohr².
            let stiffness = Self.hartree / (Self.bohr * Self.bohr)
            let expected = moved.reduce(0) { $0 + ($1 * $1).sum() } / 2 * stiffness
            #expect(abs(answer.energy - expected) < 1e-10 * expected)
            for (force, position) in zip(answer.forces, moved) {
                #expect((force + stiffness * position).length < 1e-9)
            }
            let trace = answer.virial[0, 0] + answer.virial[1, 1] + answer.virial[2, 2]
            #expect(abs(trace + 2 * expected) < 1e-9 * expected)
            #expect(answer.extra == "ok")
        }
    }

    @Test(
        "a client that dies, is late, babbles or answers nonsense is an error; the next client is served",
        arguments: [Fault.dies, .sleeps, .babbles, .notANumber, .miscounts])
    func faults(fault: Fault) throws {
        let name = "wyckoff-test-\(UInt32.random(in: 0...UInt32.max))"
        let server = try IPIServer(IPIAddress("ipi:unix:\(name)"), timeLimit: 1)
        _ = Self.client(name, answers: 100, fault: fault)
        let error = #expect(throws: IPIError.self) {
            try server.evaluate(cell: Self.cell, positions: Self.positions)
        }
        switch (fault, error) {
        case (.dies, .clientClosed), (.sleeps, .clientLate), (.babbles, .unexpectedMessage),
            (.notANumber, .notFinite),
            (.miscounts, .wrongAtomCount(sent: 2, received: 3)):
            break
        default: Issue.record("\(fault) gave \(String(describing: error))")
        }
        _ = Self.client(name, answers: 1)
        #expect(try server.evaluate(cell: Self.cell, positions: Self.positions).energy > 0)
    }

    @Test("nobody connects: an error after the time limit that names the address")
    func nobody() throws {
        let name = "wyckoff-test-\(UInt32.random(in: 0...UInt32.max))"
        let server = try IPIServer(IPIAddress("ipi:unix:\(name)"), timeLimit: 0.2)
        #expect(throws: IPIError.noClient(address: "ipi:unix:\(name)", seconds: 0.2)) {
            try server.evaluate(cell: Self.cell, positions: Self.positions)
        }
    }

    @Test("an address in use is refused, and the socket's file is gone afterwards")
    func inUse() throws {
        let name = "wyckoff-test-\(UInt32.random(in: 0...UInt32.max))"
        do {
            let server = try IPIServer(IPIAddress("ipi:unix:\(name)"))
            #expect(throws: IPIError.self) { _ = try IPIServer(server.address) }
        }
        #expect(!FileManager.default.fileExists(atPath: "/tmp/ipi_\(name)"))
    }

    @Test(
        "bad addresses are refused",
        arguments: [
            "", "ipi:", "ipi:unix", "ipi:unix:", "ipi:unix:a/b", "ipi:host:", "ipi:host:0", "ipi:host:99999",
            "a:b:c",
        ])
    func badAddress(text: String) {
        #expect(throws: IPIError.badAddress(text)) { _ = try IPIAddress(text) }
    }

    @Test("addresses read as they are written", arguments: ["ipi:unix:wyckoff", "ipi:localhost:31415"])
    func address(text: String) throws {
        #expect(try IPIAddress(text).description == text)
    }
}

/// The client's end, written by itself so that driver and test share no code.
private struct TestSocket {
    let descriptor: Int32

    init?(path: String) {
        #if canImport(Glibc)
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard connected else { return nil }
    }

    func close() { shutdown(descriptor, Int32(2)) }

    func read(_ count: Int) -> [UInt8]? {
        var result: [UInt8] = []
        while result.count < count {
            var part = [UInt8](repeating: 0, count: count - result.count)
            let received = recv(descriptor, &part, part.count, 0)
            guard received > 0 else { return nil }
            result += part.prefix(received)
        }
        return result
    }

    func message() -> String? {
        read(12).map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespaces) }
    }

    func numbers<T: Numeric>(_ count: Int) -> [T] {
        guard let bytes = read(count * MemoryLayout<T>.size) else { return [T](repeating: 0, count: count) }
        return bytes.withUnsafeBytes { raw in
            (0..<count).map { raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self) }
        }
    }

    func say(_ text: String) {
        write(Array(text.padding(toLength: 12, withPad: " ", startingAt: 0).utf8))
    }

    func write<T>(_ values: [T]) {
        values.withUnsafeBytes { raw in
            #if canImport(Glibc)
                _ = send(descriptor, raw.baseAddress, raw.count, Int32(MSG_NOSIGNAL))
            #else
                _ = send(descriptor, raw.baseAddress, raw.count, 0)
            #endif
        }
    }
}
