import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { places } from './places.ts'
import { closeOverlay } from './shortcuts.ts'
import styles from './shortcuts-help.module.css'

/** The keys, page by page, to look up. */
export default function ShortcutsHelp() {
  const { t } = useTranslation()
  const command = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl'
  const groups = [
    {
      title: t('shortcuts.everywhere'),
      keys: [
        [[command, 'K'], t('palette.title')],
        [['?'], t('shortcuts.title')],
        ...places.map(({ key, letter }) => [['g', letter], t(`nav.${key}`)] as const),
      ],
    },
    {
      title: t('nav.pipelines'),
      keys: [
        [['A'], t('shortcuts.addStep')],
        [[command, 'S'], t('shortcuts.save')],
        [[command, 'Z'], t('common.undo')],
        [['Delete'], t('shortcuts.deleteStep')],
      ],
    },
    {
      title: t('nav.runs'),
      keys: [
        [['j'], t('shortcuts.next')],
        [['k'], t('shortcuts.previous')],
        [['x'], t('shortcuts.select')],
        [['c'], t('shortcuts.compare')],
        [['/'], t('shortcuts.search')],
      ],
    },
  ] as const
  return (
    <Modal
      opened
      onClose={closeOverlay}
      title={t('shortcuts.title')}
      size={720}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className={styles.groups}>
        {groups.map(({ title, keys }) => (
          <section key={title} aria-label={title}>
            <h3 className={styles.title}>{title}</h3>
            <dl className={styles.list}>
              {keys.map(([parts, text]) => (
                <div key={text} className={styles.line}>
                  <dt>
                    {parts.map((part) => (
                      <kbd key={part} className={styles.key}>
                        {part}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
