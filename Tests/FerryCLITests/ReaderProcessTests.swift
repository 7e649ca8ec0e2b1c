import TestSupport
import Testing

/// The process that reads HDF5 files for `ferry`.
@Suite struct ReaderProcessTests {
  /// Kills `ferry` while its reader goes round in circles. The reader is stopped first, so that no limit of its own can be
  /// what ends it.
  private static let script = """
    "$1" summary "$2" >/dev/null 2>&1 &
    ferry=$!
    tries=0
    computed=0
    while [ "${computed:-0}" -lt 10 ]; do
      tries=$((tries + 1))
      [ $tries -lt 600 ] || { kill -KILL $ferry; echo "no reader"; exit 1; }
      sleep 0.05
      reader=$(cat /proc/$ferry/task/*/children 2>/dev/null | tr -d ' ')
      [ -n "$reader" ] && computed=$(sed 's/.*) //' /proc/$reader/stat | cut -d' ' -f12)
    done
    kill -STOP $reader
    kill -KILL $ferry
    tries=0
    while [ $tries -lt 200 ]; do
      case "$(sed 's/.*) //' /proc/$reader/stat 2>/dev/null | cut -c1)" in
        ''|Z|X) echo "gone"; exit 0 ;;
      esac
      tries=$((tries + 1))
      sleep 0.05
    done
    kill -KILL $reader
    echo "still there"
    """

  @Test func theReaderDoesNotOutliveFerry() throws {
    let folder = TemporaryFolder()
    let model = folder.write(try #require(CirclingModel.bytes()), to: "circling.h5")
    let run = ToolRun.run("sh", ["-c", Self.script, "sh", ToolRun.builtProduct("ferry"), model])
    #expect(run.outputText == "gone\n", "\(run.errorText)")
  }
}
