package dev.autoloss.trainer.telemetry;

import dev.autoloss.api.Metrics;
import dev.autoloss.api.Progress;
import dev.autoloss.api.TrialResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An event file of scalars, as TensorBoard reads it: records of length, checksum of the length, an
 * {@code Event} in protobuf's encoding, and its checksum. A record is written as a whole, so what
 * was written before a crash can be read.
 *
 * @see <a
 *     href="https://github.com/tensorflow/tensorflow/blob/v2.16.1/tensorflow/core/lib/io/record_writer.h">the
 *     format of records</a>
 * @see <a
 *     href="https://github.com/tensorflow/tensorflow/blob/v2.16.1/tensorflow/core/util/event.proto">the
 *     format of events</a>
 */
public final class EventFile implements Watcher {
  private static final String VERSION = "brain.Event:2";
  private static final int CHECKSUM_MASK = 0xa282ead8;
  private static final double NANOS = 1e9;

  private final FileChannel channel;
  private final InstantSource clock;
  private int step;

  private EventFile(FileChannel channel, InstantSource clock) {
    this.channel = channel;
    this.clock = clock;
  }

  /**
   * Begins a file; those of earlier attempts stay beside it, and TensorBoard reads all.
   *
   * @param folder to write it in; made if it is not there
   * @param clock gives events their time
   * @return the file
   * @throws IOException if it cannot be written
   */
  public static EventFile in(Path folder, InstantSource clock) throws IOException {
    Files.createDirectories(folder);
    Instant now = clock.instant();
    // Names sort by time.
    String name =
        "events.out.tfevents.%010d.%09d.autoloss".formatted(now.getEpochSecond(), now.getNano());
    FileChannel channel =
        FileChannel.open(
            folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var file = new EventFile(channel, clock);
    try {
      file.write(new Message().time(now).text(3, VERSION));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return file;
  }

  @Override
  public void progress(Progress progress) throws IOException {
    step = progress.iteration();
    SequencedMap<String, Double> scalars = new LinkedHashMap<>();
    put(scalars, "train/loss", progress.loss());
    put(scalars, "train/classification_loss", progress.classificationLoss());
    put(scalars, "train/regression_loss", progress.regressionLoss());
    scalars.put("train/seconds_per_step", progress.secondsPerIteration());
    scalars.put("train/epoch", (double) progress.epoch());
    write(scalars);
  }

  @Override
  public void result(TrialResult result) throws IOException {
    SequencedMap<String, Double> scalars = new LinkedHashMap<>();
    Metrics metrics = result.metrics();
    if (metrics != null) {
      scalars.put("evaluation/AP", metrics.ap());
      scalars.put("evaluation/AP50", metrics.ap50());
      scalars.put("evaluation/AP75", metrics.ap75());
    }
    scalars.put("evaluation/seconds", result.seconds());
    write(scalars);
  }

  private static void put(Map<String, Double> scalars, String tag, @Nullable Double value) {
    if (value != null) {
      scalars.put(tag, value);
    }
  }

  private void write(Map<String, Double> scalars) throws IOException {
    var summary = new Message();
    scalars.forEach(
        (tag, value) ->
            summary.message(1, new Message().text(1, tag).single(2, value.floatValue())));
    write(new Message().time(clock.instant()).number(2, step).message(5, summary));
  }

  private void write(Message event) throws IOException {
    byte[] data = event.bytes.toByteArray();
    byte[] length =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(data.length).array();
    ByteBuffer record =
        ByteBuffer.allocate(data.length + 16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(length)
            .putInt(checksum(length))
            .put(data)
            .putInt(checksum(data))
            .flip();
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  private static int checksum(byte[] bytes) {
    var sum = new CRC32C();
    sum.update(bytes);
    return Integer.rotateRight((int) sum.getValue(), 15) + CHECKSUM_MASK;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** A message of protobuf in the making. */
  private static final class Message {
    private static final int VARIABLE = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int COUNTED = 2;
    private static final int FOUR_BYTES = 5;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** The event's time, in seconds since 1970. */
    Message time(Instant instant) {
      tag(1, EIGHT_BYTES);
      double seconds = instant.getEpochSecond() + instant.getNano() / NANOS;
      return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(seconds).array());
    }

    Message number(int field, long value) {
      tag(field, VARIABLE);
      variable(value);
      return this;
    }

    Message single(int field, float value) {
      tag(field, FOUR_BYTES);
      return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    }

    Message text(int field, String text) {
      return counted(field, text.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message inner) {
      return counted(field, inner.bytes.toByteArray());
    }

    private Message counted(int field, byte[] content) {
      tag(field, COUNTED);
      variable(content.length);
      return raw(content);
    }

    private Message raw(byte[] content) {
      bytes.writeBytes(content);
      return this;
    }

    private void tag(int field, int kind) {
      variable(((long) field << 3) | kind);
    }

    /** Seven bits a byte, the lowest first; the eighth says that more follow. */
    private void variable(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        bytes.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      bytes.write((int) rest);
    }
  }
}
