package dev.autoloss.trainer.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript file: an uncompressed zip of a version, a pickled object without state, and the
 * code of its class.
 *
 * <p>The code is <em>serialised</em> TorchScript, the subset that PyTorch itself writes: calls of
 * {@code torch.name(…)}, {@code (self).name(…)}, no arithmetic signs.
 */
final class ScriptArchive {
  private static final String CLASS_HEAD =
      "class Ops(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n";

  /** Pickle, protocol 2: an object of {@code __torch__.Ops} with {@code {"training": True}}. */
  private static final String PICKLED_OBJECT =
      "\u0080\u0002c__torch__\nOps\n)\u0081}(X\u0008\u0000\u0000\u0000training\u0088ub.";

  /** Pickle, protocol 2: an empty tuple. */
  private static final String PICKLED_NOTHING = "\u0080\u0002).";

  private ScriptArchive() {}

  /**
   * Builds the file.
   *
   * @param methods each indented by two spaces, {@code def name(self: __torch__.Ops, …) -> …:}
   */
  static byte[] of(List<String> methods) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      String code = CLASS_HEAD + String.join("", methods);
      store(zip, "ops/data.pkl", PICKLED_OBJECT.getBytes(StandardCharsets.ISO_8859_1));
      store(zip, "ops/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      store(zip, "ops/constants.pkl", PICKLED_NOTHING.getBytes(StandardCharsets.ISO_8859_1));
      store(zip, "ops/version", "10\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    var sum = new CRC32();
    sum.update(content);
    var entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(sum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
