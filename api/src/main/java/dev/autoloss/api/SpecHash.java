package dev.autoloss.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The identity of what is trained: a digest of the fields that decide a result.
 *
 * <p>How a training is run (retries, deadlines, scheduling, pod, checkpoint) may be edited while it
 * waits, so it is not part of the identity.
 */
public final class SpecHash {
  private static final ObjectMapper CANONICAL =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();
  private static final List<String> RUNNING =
      List.of("retries", "deadlines", "scheduling", "pod", "checkpoint");

  private SpecHash() {}

  /**
   * Digests a spec.
   *
   * @param spec a spec with its defaults applied
   * @return 64 hexadecimal digits: SHA-256 of the JSON of what is trained, with sorted keys and
   *     without absent fields
   */
  public static String of(DetectorTrainingSpec spec) {
    try {
      Map<String, Object> trained =
          CANONICAL.convertValue(spec, new TypeReference<Map<String, Object>>() {});
      RUNNING.forEach(trained::remove);
      byte[] json = CANONICAL.writeValueAsString(trained).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
    } catch (JsonProcessingException | NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
