import CrystalFiles
import Foundation
import LearnedModels
import Patterns
import Symmetry

/// libFuzzer's entry: WYCKOFF_FUZZ names the reader; `Scripts/fuzz` builds and runs it. Whatever the bytes,
/// a reader returns records or throws its one-line error.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    switch target {
    case "checkpoint":
        readCheckpoint(bytes)
        return 0
    case "symbol":
        readSymbols(bytes)
        return 0
    case "instrument":
        readInstrument(bytes)
        return 0
    default: break
    }
    do throws(CrystalFileError) {
        switch target {
        case "cif": check(try CIFFile.parse(String(decoding: bytes, as: UTF8.self), name: "input"))
        case "poscar": check(try POSCARFile.parse(String(decoding: bytes, as: UTF8.self), name: "input"))
        case "extxyz": check(try ExtendedXYZFile.parse(String(decoding: bytes, as: UTF8.self), name: "input"))
        case "json": check(try StructureJSONFile.parse(String(decoding: bytes, as: UTF8.self), name: "input"))
        case "pattern":
            let pattern = try PowderPatternFile.parse(bytes, name: "input")
            precondition(pattern.twoTheta.count == pattern.intensity.count)
            precondition(pattern.sigma.map { $0.count == pattern.intensity.count } ?? true)
        default:
            fatalError(
                "set WYCKOFF_FUZZ to cif, poscar, extxyz, json, pattern, checkpoint, symbol or instrument")
        }
    } catch {
        precondition(!error.description.contains("\n"))
    }
    return 0
}

private let target = ProcessInfo.processInfo.environment["WYCKOFF_FUZZ"] ?? ""

/// Each line as a Hall symbol, a triplet, a change of basis and a Hermann–Mauguin symbol: a group, or one line.
private func readSymbols(_ bytes: [UInt8]) {
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).prefix(16) {
        do throws(HallSymbol.ParseError) {
            if let operations = try HallSymbol(line).operations {
                precondition(operations.first == .identity)
                precondition(Set(operations).count == operations.count)
                _ = SpaceGroup.type(of: operations)
            }
        } catch {
            precondition(!error.description.isEmpty)
        }
        if let operation = try? SymmetryOperation(xyz: line) {
            precondition((try? SymmetryOperation(xyz: operation.xyz)) == operation)
        }
        for change in [try? ChangeOfBasis(xyz: line), try? ChangeOfBasis(abc: line)] {
            _ = change?.inverse.description
        }
        for group in SpaceGroup.candidates(for: String(line)) {
            precondition((1...230).contains(group.number))
        }
        do throws(SpaceGroupLookupError) {
            _ = try SpaceGroup.find(String(line))
        } catch {
            precondition(!error.description.contains("\n"))
        }
    }
}

/// Tensors as described, or one line; nothing that a pickle asks for is done.
private func readCheckpoint(_ bytes: [UInt8]) {
    do throws(CheckpointError) {
        for tensor in try Checkpoint(bytes, file: "input").tensors {
            precondition(tensor.values.count == tensor.shape.reduce(1, *))
        }
    } catch {
        precondition(!error.description.contains("\n"))
    }
}

/// An instrument whose widths and wavelengths are numbers, or one line.
private func readInstrument(_ bytes: [UInt8]) {
    do {
        let file = try InstrumentFile.parse(content: String(decoding: bytes, as: UTF8.self), file: "input")
        precondition(!file.instrument.radiation.lines.isEmpty)
        precondition(
            file.instrument.radiation.lines.allSatisfy { $0.wavelength > 0 && $0.wavelength.isFinite })
        precondition(file.remarks.allSatisfy { !$0.contains("\n") })
    } catch {
        precondition(!"\(error)".contains("\n"))
    }
}

/// What the rest of the package takes for granted, and that what was read can be written.
private func check(_ records: [CrystalRecord]) {
    for record in records {
        precondition(!record.structure.sites.isEmpty)
        precondition(record.siteOfAtom.count == record.structure.sites.count)
        precondition(record.structure.lattice.volume > 0)
        for site in record.structure.sites {
            precondition(!site.occupants.isEmpty)
            precondition(site.position.x.isFinite && site.position.y.isFinite && site.position.z.isFinite)
        }
        _ = CIFFile.serialise(SymmetricCIF(record))
        _ = try? StructureJSONFile.serialise([record.structure])
    }
}
