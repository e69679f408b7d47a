// boards.ts - the pages that show all sites at once, as sides of one another.

import { computed } from 'vue';
import { useI18n } from 'vue-i18n';

export function useBoardTabs() {
  const { t } = useI18n();
  return computed(() => [
    { value: 'board' as const, text: t('common.side.coverage'), to: { name: 'board' } },
    { value: 'duties' as const, text: t('common.side.duties'), to: { name: 'duties' } },
    { value: 'summary' as const, text: t('common.side.summary'), to: { name: 'summary' } },
  ]);
}
