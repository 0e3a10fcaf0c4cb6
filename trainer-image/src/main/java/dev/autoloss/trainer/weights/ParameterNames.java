package dev.autoloss.trainer.weights;

import dev.autoloss.api.Architecture;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of a detector's parameters: ours are torchvision's, and mmdetection's are translated.
 *
 * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0</a>
 */
public final class ParameterNames {
  private static final String LEVEL = "([0-9]{1,2})";

  /** A pattern of mmdetection's names and what it is of ours, and the other way round. */
  private record Rule(Pattern theirs, String ours) {
    static Rule of(String theirs, String ours) {
      return new Rule(Pattern.compile(theirs), ours);
    }
  }

  private static final List<Rule> RULES =
      List.of(
          Rule.of(
              "neck\\.lateral_convs\\." + LEVEL + "\\.conv\\.(.*)",
              "backbone.fpn.inner_blocks.$1.0.$2"),
          Rule.of(
              "neck\\.fpn_convs\\." + LEVEL + "\\.conv\\.(.*)",
              "backbone.fpn.layer_blocks.$1.0.$2"),
          Rule.of("bbox_head\\.(?:conv|atss)_cls\\.(.*)", "head.classification_head.cls_logits.$1"),
          Rule.of("bbox_head\\.(?:conv|atss)_reg\\.(.*)", "head.regression_head.bbox_reg.$1"),
          Rule.of(
              "bbox_head\\.(?:conv|atss)_centerness\\.(.*)",
              "head.regression_head.bbox_ctrness.$1"),
          Rule.of("bbox_head\\.scales\\." + LEVEL + "\\.scale", "head.scales.$1.scale"),
          // Torchvision's before 0.13, in which a convolution had no normalisation to stand before.
          Rule.of("rpn\\.head\\.conv\\.(weight|bias)", "rpn.head.conv.0.0.$1"),
          Rule.of(
              "backbone\\.fpn\\.(inner|layer)_blocks\\." + LEVEL + "\\.(weight|bias)",
              "backbone.fpn.$1_blocks.$2.0.$3"),
          Rule.of("rpn_head\\.rpn_conv\\.(.*)", "rpn.head.conv.0.0.$1"),
          Rule.of("rpn_head\\.rpn_cls\\.(.*)", "rpn.head.cls_logits.$1"),
          Rule.of("rpn_head\\.rpn_reg\\.(.*)", "rpn.head.bbox_pred.$1"),
          Rule.of("roi_head\\.bbox_head\\.shared_fcs\\.0\\.(.*)", "roi_heads.box_head.fc6.$1"),
          Rule.of("roi_head\\.bbox_head\\.shared_fcs\\.1\\.(.*)", "roi_heads.box_head.fc7.$1"),
          Rule.of("roi_head\\.bbox_head\\.fc_cls\\.(.*)", "roi_heads.box_predictor.cls_score.$1"),
          Rule.of("roi_head\\.bbox_head\\.fc_reg\\.(.*)", "roi_heads.box_predictor.bbox_pred.$1"),
          Rule.of(
              "roi_head\\.mask_head\\.convs\\." + LEVEL + "\\.conv\\.(.*)",
              "roi_heads.mask_head.$1.0.$2"),
          Rule.of(
              "roi_head\\.mask_head\\.upsample\\.(.*)", "roi_heads.mask_predictor.conv5_mask.$1"),
          Rule.of(
              "roi_head\\.mask_head\\.conv_logits\\.(.*)",
              "roi_heads.mask_predictor.mask_fcn_logits.$1"),
          Rule.of("backbone\\.((?!body\\.|fpn\\.).*)", "backbone.body.$1"),
          Rule.of("((?:conv1|bn1|layer[1-4])\\..*)", "backbone.body.$1"));

  private static final Pattern TOWER =
      Pattern.compile("bbox_head\\.(cls|reg)_convs\\." + LEVEL + "\\.(conv|gn)\\.(.*)");
  private static final Pattern OUR_TOWER =
      Pattern.compile("head\\.(classification|regression)_head\\.conv\\." + LEVEL + "\\.(.*)");
  private static final Pattern OUTPUT =
      Pattern.compile("backbone\\.fpn\\.layer_blocks\\." + LEVEL + "\\.0\\.(.*)");

  private ParameterNames() {}

  /**
   * Translates a name of a file.
   *
   * @param name in torchvision's or mmdetection's words, of a detector or of a bare ResNet
   * @param known our names of the network's parameters
   * @return our name; empty if the network has none of it
   */
  public static Optional<String> ours(String name, Set<String> known) {
    if (known.contains(name)) {
      return Optional.of(name);
    }
    Matcher tower = TOWER.matcher(name);
    if (tower.matches()) {
      String kind = tower.group(1).equals("cls") ? "classification" : "regression";
      int place = 3 * Integer.parseInt(tower.group(2)) + (tower.group(3).equals("gn") ? 1 : 0);
      return Optional.of("head.%s_head.conv.%d.%s".formatted(kind, place, tower.group(4)))
          .filter(known::contains);
    }
    for (Rule rule : RULES) {
      Matcher matcher = rule.theirs().matcher(name);
      if (matcher.matches()) {
        String ours = matcher.replaceFirst(rule.ours());
        return Optional.of(known.contains(ours) ? ours : extra(ours)).filter(known::contains);
      }
    }
    return Optional.empty();
  }

  /** In mmdetection an extra level is one more output. */
  private static String extra(String ours) {
    Matcher output = OUTPUT.matcher(ours);
    return output.matches()
        ? "backbone.fpn.extra_blocks.p%d.%s"
            .formatted(Integer.parseInt(output.group(1)) + 3, output.group(2))
        : ours;
  }

  /**
   * The name under which a parameter is written for others: torchvision's, or mmdetection's where
   * torchvision lacks the detector.
   *
   * @param architecture the detector
   * @param ours our name
   * @return its name in the file
   */
  static String published(Architecture architecture, String ours) {
    return switch (architecture) {
      case FCOS, FASTER_RCNN, MASK_RCNN -> ours;
      case ATSS, CASCADE_RCNN -> mmdetection(ours);
    };
  }

  private static String mmdetection(String ours) {
    Matcher tower = OUR_TOWER.matcher(ours);
    if (tower.matches()) {
      int place = Integer.parseInt(tower.group(2));
      return "bbox_head.%s_convs.%d.%s.%s"
          .formatted(
              tower.group(1).equals("classification") ? "cls" : "reg",
              place / 3,
              place % 3 == 0 ? "conv" : "gn",
              tower.group(3));
    }
    String name = OUTPUT.matcher(ours).replaceFirst("neck.fpn_convs.$1.conv.$2");
    name = EXTRA.matcher(name).replaceFirst(ParameterNames::extraOutput);
    name = INPUT.matcher(name).replaceFirst("neck.lateral_convs.$1.conv.$2");
    return name.replaceFirst("^backbone\\.body\\.", "backbone.")
        .replaceFirst("^head\\.classification_head\\.cls_logits\\.", "bbox_head.atss_cls.")
        .replaceFirst("^head\\.regression_head\\.bbox_reg\\.", "bbox_head.atss_reg.")
        .replaceFirst("^head\\.regression_head\\.bbox_ctrness\\.", "bbox_head.atss_centerness.")
        .replaceFirst("^head\\.scales\\.", "bbox_head.scales.")
        .replaceFirst("^rpn\\.head\\.conv\\.0\\.0\\.", "rpn_head.rpn_conv.")
        .replaceFirst("^rpn\\.head\\.cls_logits\\.", "rpn_head.rpn_cls.")
        .replaceFirst("^rpn\\.head\\.bbox_pred\\.", "rpn_head.rpn_reg.");
  }

  private static final Pattern EXTRA =
      Pattern.compile("backbone\\.fpn\\.extra_blocks\\.p([67])\\.(.*)");
  private static final Pattern INPUT =
      Pattern.compile("backbone\\.fpn\\.inner_blocks\\." + LEVEL + "\\.0\\.(.*)");

  private static String extraOutput(MatchResult extra) {
    int level = Integer.parseInt(extra.group(1)) - 3;
    return "neck.fpn_convs.%d.conv.%s".formatted(level, extra.group(2));
  }
}
