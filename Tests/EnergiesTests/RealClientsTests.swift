import Crystallography
import Energies
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Programs that speak the i-PI protocol, where this machine has them: `lmp` with `fix ipi`, and a Python with ASE (the one
/// that WYCKOFF_PEER_PYTHON names, or python3).
enum RealClient {
    static let python = ProcessInfo.processInfo.environment["WYCKOFF_PEER_PYTHON"] ?? "python3"
    static let hasASE = (try? output([python, "-c", "import ase.calculators.socketio"])) != nil
    static let hasLAMMPS = (try? output(["lmp", "-h"]))?.contains(" ipi ") ?? false

    static func start(_ command: [String], in folder: URL) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    struct Failure: Error {}

    static func output(_ command: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure() }
        return String(decoding: data, as: UTF8.self)
    }

    /// Runs a client in a folder of its own against a driver.
    static func with(
        files: [String: String], command: (String) -> [String],
        _ body: (IPIPotential, URL) throws -> Void
    ) throws {
        let name = "wyckoff-test-\(UInt32.random(in: 0...UInt32.max))"
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (file, text) in files {
            try Data(text.replacingOccurrences(of: "SOCKET", with: name).utf8)
                .write(to: folder.appendingPathComponent(file))
        }
        var client: Process?
        do {
            let potential = IPIPotential(try IPIServer(IPIAddress("ipi:unix:\(name)"), timeLimit: 60))
            client = try start(command(name), in: folder)
            try body(potential, folder)
        }
        // The driver has gone and said so.
        client?.waitUntilExit()
    }
}

@Suite("real i-PI clients", .serialized)
struct RealClientsTests {
    /// a along x, b in the xy plane, as both clients are started with it.
    static let cell = Matrix3(rows: SIMD3(5.5, 0, 0), SIMD3(0.4, 5.3, 0), SIMD3(-0.3, 0.5, 5.2))
    static let positions = [
        SIMD3(0, 0, 0), SIMD3(0.52, 0.49, 0.03), SIMD3(0.5, 0.02, 0.47), SIMD3(-0.01, 0.51, 0.5),
    ]

    static func crystal(_ symbol: String, scale: Double) throws -> CrystalStructure {
        let element = try #require(Element(symbol: symbol))
        return CrystalStructure(
            lattice: Lattice(vectors: scale * cell), sites: positions.map { Site(element, at: $0) })
    }

    /// The same crystal, turned about an axis that is none of its own.
    static func turned(_ crystal: CrystalStructure) -> (crystal: CrystalStructure, turn: Matrix3) {
        let (c, s) = (cos(0.7), sin(0.7))
        let z = Matrix3(rows: SIMD3(c, s, 0), SIMD3(-s, c, 0), SIMD3(0, 0, 1))
        let x = Matrix3(rows: SIMD3(1, 0, 0), SIMD3(0, s, c), SIMD3(0, -c, s))
        var result = crystal
        result.lattice = Lattice(vectors: crystal.lattice.vectors * (z * x))
        return (result, z * x)
    }

    @Test(
        "ASE's SocketClient with EMT: what ASE says itself, on any axes, and a relaxation",
        .enabled(if: RealClient.hasASE, "no Python with ASE"))
    func ase() throws {
        let crystal = try Self.crystal("Cu", scale: 0.68)
        let rows = { (m: Matrix3) in [m.rows.0, m.rows.1, m.rows.2].map { "[\($0.x),\($0.y),\($0.z)]" } }
        let script = """
            import json
            from ase import Atoms
            from ase.calculators.emt import EMT
            from ase.calculators.socketio import SocketClient
            atoms = Atoms("Cu4", scaled_positions=[\(Self.positions.map { "[\($0.x),\($0.y),\($0.z)]" }
                .joined(separator: ","))],
                cell=[\(rows(crystal.lattice.vectors).joined(separator: ","))], pbc=True)
            atoms.calc = EMT()
            json.dump([atoms.get_potential_energy()] + atoms.get_forces().ravel().tolist()
                + atoms.get_stress(voigt=False).ravel().tolist(), open("own.json", "w"))
            SocketClient(unixsocket="SOCKET").run(atoms, use_stress=True)
            """
        try RealClient.with(files: ["client.py": script], command: { _ in [RealClient.python, "client.py"] })
        {
            potential, folder in
            let result = try potential.evaluate(crystal)
            let own = try JSONDecoder().decode(
                [Double].self, from: Data(contentsOf: folder.appendingPathComponent("own.json")))
            #expect(abs(result.energy - own[0]) < 1e-7)
            for (k, force) in result.forces.enumerated() {
                let expected = SIMD3(own[1 + 3 * k], own[2 + 3 * k], own[3 + 3 * k])
                #expect((force - expected).length < 1e-6)
            }
            for i in 0..<3 {
                for j in 0..<3 {
                    let expected = own[13 + 3 * i + j] * EnergyEvaluation.gigapascal
                    #expect(abs(result.stress[i, j] - expected) < 1e-4)
                }
            }
            let (other, turn) = Self.turned(crystal)
            let again = try potential.evaluate(other)
            for (f, g) in zip(result.forces, again.forces) { #expect((f * turn - g).length < 1e-6) }
            #expect((turn.transpose * result.stress * turn - again.stress).frobeniusNorm < 1e-4)
            let triclinic = try ReducedStructure(reducing: other, in: SpaceGroup.find("1"))
            let relaxed = try Relaxation().relax(triclinic, potential)
            #expect(relaxed.outcome == .converged)
            // EMT's copper is cubic close packed, 3.59 Å.
            #expect(abs(relaxed.structure.expandedLattice.volume / 4 - 11.6) < 0.3)
        }
    }

    @Test(
        "LAMMPS with fix ipi: a Lennard-Jones sum of our own, and a relaxation inside the group",
        .enabled(if: RealClient.hasLAMMPS, "no lmp with fix ipi"))
    func lammps() throws {
        let crystal = try Self.crystal("Ar", scale: 1)
        let v = Self.cell
        let data = """
            argon

            4 atoms
            1 atom types
            0 \(v[0, 0]) xlo xhi
            0 \(v[1, 1]) ylo yhi
            0 \(v[2, 2]) zlo zhi
            \(v[1, 0]) \(v[2, 0]) \(v[2, 1]) xy xz yz

            Masses

            1 39.948

            Atoms # atomic

            \(crystal.sites.enumerated().map { index, site in
                let r = site.position.wrapped * v
                return "\(index + 1) 1 \(r.x) \(r.y) \(r.z)"
            }.joined(separator: "\n"))
            """
        let input = """
            units metal
            atom_style atomic
            atom_modify map yes
            read_data in.data
            pair_style lj/cut 8.0
            pair_coeff 1 1 0.0104 3.4
            neigh_modify every 1 delay 0 check no
            fix driver all ipi SOCKET 31415 unix
            run 100000
            """
        try RealClient.with(
            files: ["in.data": data, "in.lmp": input],
            command: { _ in ["lmp", "-log", "none", "-screen", "none", "-in", "in.lmp"] }
        ) { potential, _ in
            let own = Self.lennardJones(crystal, cutoff: 8)
            let result = try potential.evaluate(crystal)
            #expect(abs(result.energy - own.energy) < 1e-6 * abs(own.energy))
            for (f, g) in zip(result.forces, own.forces) { #expect((f - g).length < 1e-7) }
            #expect((result.stress - own.stress).frobeniusNorm < 1e-5)
            var argon = crystal
            argon.lattice = Lattice(a: 5.5, b: 5.5, c: 5.5, alpha: 90, beta: 90, gamma: 90)
            for (k, f) in [SIMD3(0, 0, 0), SIMD3(0.5, 0.5, 0), SIMD3(0.5, 0, 0.5), SIMD3(0, 0.5, 0.5)]
                .enumerated()
            {
                argon.sites[k].position = f
            }
            let found = try SymmetryFinder.find(in: argon, tolerance: 1e-3)
            let relaxed = try Relaxation().relax(try ReducedStructure(reducing: argon, found), potential)
            #expect(relaxed.outcome == .converged)
            #expect(relaxed.structure.spaceGroup.number == 225)
            #expect(Self.lennardJones(relaxed.structure.expanded(), cutoff: 8).stress.frobeniusNorm < 0.1)
        }
    }

    static func lennardJones(_ crystal: CrystalStructure, cutoff: Double) -> EnergyEvaluation {
        let (epsilon, sigma) = (0.0104, 3.4)
        let vectors = crystal.lattice.vectors
        var energy = 0.0
        var forces = [SIMD3<Double>](repeating: .zero, count: crystal.sites.count)
        var virial = Matrix3.zero
        for (i, a) in crystal.sites.enumerated() {
            for b in crystal.sites {
                for x in -3...3 {
                    for y in -3...3 {
                        for z in -3...3 {
                            let r =
                                (a.position - b.position - SIMD3(Double(x), Double(y), Double(z))) * vectors
                            let d = r.length
                            guard d > 1e-6, d < cutoff else { continue }
                            let s = pow(sigma / d, 6)
                            energy += 2 * epsilon * (s * s - s)
                            let g = r * (4 * epsilon * (-12 * s * s + 6 * s) / (d * d))
                            forces[i] -= g
                            virial.rows.0 += 0.5 * r.x * g
                            virial.rows.1 += 0.5 * r.y * g
                            virial.rows.2 += 0.5 * r.z * g
                        }
                    }
                }
            }
        }
        return EnergyEvaluation(
            energy: energy, forces: forces,
            stress: (EnergyEvaluation.gigapascal / crystal.lattice.volume) * virial)
    }
}
